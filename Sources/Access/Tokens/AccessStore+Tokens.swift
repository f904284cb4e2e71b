import Storage
public import Values

extension AccessStore {
  /// The most tokens of an account that are not revoked.
  static let mostTokens: Int64 = 200

  /// Makes a token, without a time for ever; its text is in the answer and nowhere else.
  ///
  /// - Throws: ``AccessError`` `unknown`, `invalid`, or `conflict` when the account has one of that name.
  public func makeToken(
    _ name: String,
    for account: Int64,
    scope: TokenScope = TokenScope(),
    expiresAt: Int64? = nil
  ) throws -> NewToken {
    try Self.checkTokenName(name)
    let now = clock()
    if let expiresAt, expiresAt <= now {
      throw AccessError(.invalid, "a token must expire later than now")
    }
    let secret = TokenText.make(of: random(32))
    return try database.write { connection in
      _ = try Self.account(account, connection)
      try Self.checkRoom(for: name, of: account, connection)
      let row = try connection.row(
        """
        INSERT INTO api_tokens (
          id, account_id, name, secret_hash, role, project_id, created_at, expires_at)
        VALUES (
          (SELECT COALESCE(MAX(id), 0) + 1 FROM api_tokens), $1, $2, $3, $4, $5, $6, $7)
        RETURNING *
        """,
        [
          .int(account), .string(name), .string(Self.hash(secret)), Value(scope.role),
          Value(scope.project), .int(now), Value(expiresAt),
        ]
      )
      guard let row else { throw StorageError(.io, "the token was not saved") }
      return NewToken(token: try APIToken(row), secret: secret)
    }
  }

  /// The tokens of an account that are not revoked, also those that have expired, newest first.
  public func tokens(of account: Int64) throws -> [APIToken] {
    try database.read {
      try $0.rows(
        "SELECT * FROM api_tokens WHERE account_id = $1 AND revoked_at IS NULL ORDER BY id DESC",
        [.int(account)]
      ).map(APIToken.init)
    }
  }

  /// Makes a token of an account worthless, at once and for ever.
  ///
  /// - Throws: ``AccessError`` `unknown` when the account has no such token.
  public func revokeToken(_ number: Int64, of account: Int64) throws {
    try database.write { connection in
      let revoked = try connection.execute(
        """
        UPDATE api_tokens SET revoked_at = $3
        WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL
        """,
        [.int(number), .int(account), .int(clock())]
      )
      guard revoked > 0 else { throw AccessError(.unknown, "there is no token \(number)") }
    }
  }

  /// Who a token stands for, with the lower of the owner's role and the token's.
  ///
  /// - Throws: ``AccessError`` `unauthenticated` when it is unknown, revoked or expired, or its owner
  ///   disabled or deleted.
  public func principal(token secret: Secret) throws -> Principal {
    guard TokenText.isWellFormed(secret) else { throw Self.refusedToken("unknown") }
    let now = clock()
    let (token, principal) = try database.read { connection in
      guard
        let row = try connection.row(
          "SELECT * FROM api_tokens WHERE secret_hash = $1",
          [.string(Self.hash(secret))]
        )
      else { throw Self.refusedToken("unknown") }
      guard try AccessRow(row).optionalInteger("revoked_at") == nil else {
        throw Self.refusedToken("revoked")
      }
      let token = try APIToken(row)
      if let expiresAt = token.expiresAt, expiresAt <= now { throw Self.refusedToken("expired") }
      let account = try Self.account(token.account, connection)
      return (token, try Self.principal(of: account, connection))
    }
    try noteUse(of: token, at: now)
    return principal.limited(
      to: token.scope.role,
      in: token.scope.project,
      token: token.number
    )
  }

  /// At most one write a minute, however many requests there are.
  private func noteUse(of token: APIToken, at now: Int64) throws {
    if let lastUsedAt = token.lastUsedAt, lastUsedAt > now - Self.coarseness { return }
    try database.write { connection in
      try connection.execute(
        """
        UPDATE api_tokens SET last_used_at = $2
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)
        """,
        [.int(token.number), .int(now)]
      )
    }
  }

  private static func checkTokenName(_ name: String) throws {
    let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isPlain, name.contains(where: { !$0.isWhitespace }), name.utf8.count <= 100 else {
      throw AccessError(
        .invalid,
        "a token needs a name of at most 100 bytes without control characters"
      )
    }
  }

  private static func checkRoom(
    for name: String,
    of account: Int64,
    _ connection: SQLConnection
  ) throws {
    let names = try connection.rows(
      "SELECT name FROM api_tokens WHERE account_id = $1 AND revoked_at IS NULL",
      [.int(account)]
    ).compactMap { $0["name"]?.string }
    guard !names.contains(name) else {
      throw AccessError(.conflict, "there is a token `\(name)` already")
    }
    guard names.count < mostTokens else {
      throw AccessError(
        .conflict,
        "an account may have at most \(mostTokens) tokens",
        hint: "revoke those that nobody uses"
      )
    }
  }

  private static func refusedToken(_ why: String) -> AccessError {
    AccessError(.unauthenticated, "the token is \(why)")
  }
}
