import Storage

/// The tables of the room.
///
/// Numbers are handed out by the statements (greatest + 1), and rows that others may refer to stay:
/// an account that was deleted and a token that was revoked keep their numbers for ever.
enum AccessMigrations {
  static let room = "Access"
  static let all = [accounts, entrances, audit, secrets]

  private static let accounts = Migration(
    name: "0001-accounts",
    statements: [
      """
      CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        former_name TEXT,
        email TEXT NOT NULL,
        password TEXT NOT NULL,
        server_role TEXT,
        disabled INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        last_sign_in_at BIGINT,
        deleted_at BIGINT)
      """,
      """
      CREATE TABLE account_roles (
        account_id INTEGER NOT NULL REFERENCES accounts (id),
        project_id BIGINT NOT NULL,
        role TEXT NOT NULL,
        PRIMARY KEY (account_id, project_id))
      """,
      "CREATE INDEX account_roles_by_project ON account_roles (project_id)",
      """
      CREATE TABLE bootstrap_secret (
        id INTEGER PRIMARY KEY,
        secret_hash TEXT NOT NULL,
        created_at BIGINT NOT NULL)
      """,
    ]
  )

  private static let entrances = Migration(
    name: "0002-entrances",
    statements: [
      """
      CREATE TABLE api_tokens (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts (id),
        name TEXT NOT NULL,
        secret_hash TEXT NOT NULL UNIQUE,
        role TEXT,
        project_id BIGINT,
        created_at BIGINT NOT NULL,
        expires_at BIGINT,
        last_used_at BIGINT,
        revoked_at BIGINT)
      """,
      "CREATE INDEX api_tokens_by_account ON api_tokens (account_id)",
      """
      CREATE TABLE browser_sessions (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts (id),
        secret_hash TEXT NOT NULL UNIQUE,
        address TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        last_seen_at BIGINT NOT NULL)
      """,
      "CREATE INDEX browser_sessions_by_account ON browser_sessions (account_id)",
      """
      CREATE TABLE sign_in_failures (
        subject TEXT NOT NULL PRIMARY KEY,
        failures BIGINT NOT NULL,
        last_at BIGINT NOT NULL,
        blocked_until BIGINT NOT NULL)
      """,
      """
      CREATE TABLE sign_in_addresses (
        account_id INTEGER NOT NULL REFERENCES accounts (id),
        address TEXT NOT NULL,
        last_at BIGINT NOT NULL,
        PRIMARY KEY (account_id, address))
      """,
    ]
  )

  private static let audit = Migration(
    name: "0003-audit",
    statements: [
      """
      CREATE TABLE audit_entries (
        position BIGINT NOT NULL PRIMARY KEY,
        at BIGINT NOT NULL,
        account_id BIGINT,
        account_name TEXT NOT NULL,
        token_id BIGINT,
        address TEXT NOT NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        outcome TEXT NOT NULL,
        before_change TEXT,
        after_change TEXT,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL)
      """,
      """
      CREATE TABLE audit_head (
        id INTEGER PRIMARY KEY,
        position BIGINT NOT NULL,
        hash TEXT NOT NULL)
      """,
      // why: a constant of this room, not a value: what the first entry follows
      "INSERT INTO audit_head (id, position, hash) VALUES (1, 0, '\(AuditHead.beginning.hash)')",
    ]
  )

  private static let secrets = Migration(
    name: "0004-secrets",
    statements: [
      """
      CREATE TABLE secrets (
        project_id BIGINT NOT NULL,
        name TEXT NOT NULL,
        key_fingerprint TEXT NOT NULL,
        sealed TEXT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (project_id, name))
      """,
      """
      CREATE TABLE secret_key (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL)
      """,
    ]
  )
}
