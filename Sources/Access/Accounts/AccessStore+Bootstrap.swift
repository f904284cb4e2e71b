import Storage
public import Values

extension AccessStore {
  /// True as long as no account was ever made.
  public func needsFirstAdmin() throws -> Bool {
    try database.read(Self.hasNoAccounts)
  }

  /// A new secret that makes the first admin, in the place of an earlier one; nil when there are accounts.
  ///
  /// Its caller prints it where only the machine's owner can read; what is kept is its hash.
  public func offerBootstrap() throws -> Secret? {
    let secret = "tdr-setup-" + Base62.text(random(32), digits: 43)
    return try database.write { connection in
      guard try Self.hasNoAccounts(connection) else { return nil }
      try connection.execute(
        """
        INSERT INTO bootstrap_secret (id, secret_hash, created_at) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET
          secret_hash = excluded.secret_hash, created_at = excluded.created_at
        """,
        [.string(SHA256.hexadecimal(of: Array(secret.utf8))), .int(clock())]
      )
      return Secret(secret)
    }
  }

  /// Makes the first account, a server admin, for the one who shows the secret of ``offerBootstrap()``.
  ///
  /// - Throws: ``AccessError`` `conflict` when there are accounts, `unauthenticated` for a wrong
  ///   secret, `invalid`.
  public func bootstrap(_ new: NewAccount, secret: Secret) throws -> Account {
    let shown = SHA256.hexadecimal(of: Array(secret.reveal().utf8))
    // Looked at before the password is hashed too, so that guessing costs the server little.
    try database.read { try Self.checkBootstrap(shown, $0) }
    return try makeFirstAdmin(new) { try Self.checkBootstrap(shown, $0) }
  }

  /// Makes the first account, a server admin, for the one who owns the data folder.
  ///
  /// - Throws: ``AccessError`` `conflict` when there are accounts, `invalid`.
  public func bootstrapOnDataFolder(_ new: NewAccount) throws -> Account {
    try makeFirstAdmin(new) { _ in }
  }

  private func makeFirstAdmin(
    _ new: NewAccount,
    check: (SQLConnection) throws -> Void
  ) throws -> Account {
    let admin = NewAccount(
      name: new.name,
      email: new.email,
      password: new.password,
      serverRole: .admin
    )
    let hash = try checkedHash(admin)
    // One transaction looks and makes: of two at the same time, the second finds the first's account.
    return try database.write { connection in
      guard try Self.hasNoAccounts(connection) else { throw Self.isBootstrapped }
      try check(connection)
      try connection.execute("DELETE FROM bootstrap_secret")
      return try insert(admin, hash: hash, connection)
    }
  }

  private static func checkBootstrap(_ shown: String, _ connection: SQLConnection) throws {
    guard try hasNoAccounts(connection) else { throw isBootstrapped }
    let kept = try connection.row("SELECT secret_hash FROM bootstrap_secret WHERE id = 1")
    guard let kept = kept?["secret_hash"]?.string, ConstantTime.equal(shown, kept) else {
      throw AccessError(
        .unauthenticated,
        "this is not the secret for the first account",
        hint: "the server printed it when it started last"
      )
    }
  }

  private static func hasNoAccounts(_ connection: SQLConnection) throws -> Bool {
    try connection.row("SELECT id FROM accounts LIMIT 1") == nil
  }

  private static let isBootstrapped = AccessError(
    .conflict,
    "this server has accounts already",
    hint: "ask one of its admins for an account"
  )
}
