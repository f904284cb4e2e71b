import Storage
public import Values

extension AccessStore {
  /// Makes an account.
  ///
  /// - Throws: ``AccessError`` `invalid`, or `conflict` when there is one of that name.
  @discardableResult
  public func addAccount(_ new: NewAccount) throws -> Account {
    let hash = try checkedHash(new)
    return try database.write { try insert(new, hash: hash, $0) }
  }

  /// Everyone, by name.
  public func accounts() throws -> [Account] {
    try database.read {
      try $0.rows("SELECT * FROM accounts WHERE deleted_at IS NULL ORDER BY name").map(Account.init)
    }
  }

  /// The account of a name, nil for none; capital letters do not matter.
  public func account(named name: String) throws -> Account? {
    let name = AccountName.folded(name)
    guard !name.utf8.contains(0) else { return nil }
    return try database.read {
      try $0.row(
        "SELECT * FROM accounts WHERE name = $1 AND deleted_at IS NULL",
        [.string(name)]
      ).map(Account.init)
    }
  }

  /// The account of a number.
  ///
  /// - Throws: ``AccessError`` `unknown`, also when it was deleted.
  public func account(_ number: Int64) throws -> Account {
    try database.read { try Self.account(number, $0) }
  }

  /// The name that an account has or had: also of one that was deleted.
  public func name(ofAccount number: Int64) throws -> String? {
    try database.read {
      try $0.row(
        "SELECT COALESCE(former_name, name) AS name FROM accounts WHERE id = $1",
        [.int(number)]
      )?["name"]?.string
    }
  }

  /// Gives an account another password and ends its browser sessions, but for one that is named.
  ///
  /// - Throws: ``AccessError`` `unknown` or `invalid`.
  public func setPassword(
    _ password: Secret,
    of number: Int64,
    keeping session: Int64? = nil
  ) throws {
    let account = try account(number)
    try PasswordHasher.check(password, name: account.name, email: account.email)
    let hash = try passwords.hash(password)
    try database.write { connection in
      _ = try Self.account(number, connection)
      try connection.execute(
        "UPDATE accounts SET password = $2 WHERE id = $1",
        [.int(number), .string(hash)]
      )
      try Self.endSessions(of: number, keeping: session, connection)
    }
  }

  /// Gives an account another e-mail address; empty for none.
  ///
  /// - Throws: ``AccessError`` `unknown` or `invalid`.
  public func setEmail(_ email: String, of number: Int64) throws {
    try AccountName.check(email: email)
    try database.write { connection in
      _ = try Self.account(number, connection)
      try connection.execute(
        "UPDATE accounts SET email = $2 WHERE id = $1",
        [.int(number), .string(email)]
      )
    }
  }

  /// Shuts an account out, or lets it in again; its browser sessions end, its tokens rest.
  ///
  /// - Throws: ``AccessError`` `unknown`, or `conflict` for the last server admin.
  public func setDisabled(_ isDisabled: Bool, of number: Int64) throws {
    try database.write { connection in
      let account = try Self.account(number, connection)
      if isDisabled {
        try refuseLastAdmin(account, "disabled", connection)
        try Self.endSessions(of: number, keeping: nil, connection)
      }
      try connection.execute(
        "UPDATE accounts SET disabled = $2 WHERE id = $1",
        [.int(number), .bool(isDisabled)]
      )
    }
  }

  /// Deletes an account with its roles, tokens and sessions; its number is never given again.
  ///
  /// - Throws: ``AccessError`` `unknown`, or `conflict` for the last server admin.
  public func deleteAccount(_ number: Int64) throws {
    try database.write { connection in
      let account = try Self.account(number, connection)
      try refuseLastAdmin(account, "deleted", connection)
      try Self.endSessions(of: number, keeping: nil, connection)
      let key: [Value] = [.int(number)]
      try connection.execute("DELETE FROM account_roles WHERE account_id = $1", key)
      try connection.execute("DELETE FROM sign_in_addresses WHERE account_id = $1", key)
      let now: Value = .int(clock())
      try connection.execute(
        "UPDATE api_tokens SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL",
        [.int(number), now]
      )
      // `#` is in no name that can be asked for, so the name is free again.
      try connection.execute(
        """
        UPDATE accounts
        SET name = $2, former_name = $3, email = '', password = '', server_role = NULL,
          disabled = 1, deleted_at = $4
        WHERE id = $1
        """,
        [.int(number), .string("#\(number)"), .string(account.name), now]
      )
    }
  }

  static func account(_ number: Int64, _ connection: SQLConnection) throws -> Account {
    let row = try connection.row(
      "SELECT * FROM accounts WHERE id = $1 AND deleted_at IS NULL",
      [.int(number)]
    )
    guard let row else { throw AccessError(.unknown, "there is no account \(number)") }
    return try Account(row)
  }

  func checkedHash(_ new: NewAccount) throws -> String {
    try AccountName.check(new.name)
    try AccountName.check(email: new.email)
    try PasswordHasher.check(new.password, name: new.name, email: new.email)
    return try passwords.hash(new.password)
  }

  func insert(_ new: NewAccount, hash: String, _ connection: SQLConnection) throws -> Account {
    let row = try connection.row(
      """
      INSERT INTO accounts (id, name, email, password, server_role, disabled, created_at)
      VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM accounts), $1, $2, $3, $4, 0, $5)
      ON CONFLICT (name) DO NOTHING
      RETURNING *
      """,
      [
        .string(new.name), .string(new.email), .string(hash), Value(new.serverRole),
        .int(clock()),
      ]
    )
    guard let row else {
      throw AccessError(.conflict, "there is an account `\(new.name)` already")
    }
    return try Account(row)
  }

  /// Without an enabled server admin nobody could mend anything from within.
  func refuseLastAdmin(_ account: Account, _ what: String, _ connection: SQLConnection) throws {
    guard account.serverRole == .admin, !account.isDisabled else { return }
    let others = try connection.row(
      """
      SELECT COUNT(*) AS n FROM accounts
      WHERE server_role = 'admin' AND disabled = 0 AND deleted_at IS NULL AND id <> $1
      """,
      [.int(account.number)]
    )?["n"]?.int
    guard others ?? 0 > 0 else {
      throw AccessError(
        .conflict,
        "`\(account.name)` is the last server admin and cannot be \(what)",
        hint: "make another account a server admin first"
      )
    }
  }
}
