import Storage
public import Values

extension AccessStore {
  /// A session ends when it was not used for so many milliseconds (12 hours).
  public static let longestIdleTime: Int64 = 12 * 3_600_000
  /// It ends in any case when it is so many milliseconds old (14 days).
  public static let longestSession: Int64 = 14 * 24 * 3_600_000
  /// The oldest of an account ends when it begins one more than these.
  static let mostSessions: Int64 = 50
  /// How old the time of the last use may be in the table.
  static let coarseness: Int64 = 60_000

  /// Who a session cookie stands for.
  ///
  /// - Throws: ``AccessError`` `unauthenticated` when it is unknown or has ended, or the account is disabled.
  public func session(cookie: Secret) throws -> SessionHolder {
    let now = clock()
    // Looked up by its hash: how long that takes tells of the hash, not of the cookie.
    let hash: Value = .string(Self.hash(cookie))
    let holder = try database.read { connection in
      guard
        let row = try connection.row(
          "SELECT * FROM browser_sessions WHERE secret_hash = $1",
          [hash]
        )
      else { throw Self.signInAgain }
      let session = try BrowserSession(row)
      guard session.isAlive(at: now) else { throw Self.signInAgain }
      let account = try Self.account(session.account, connection)
      return SessionHolder(
        session: session,
        principal: try Self.principal(of: account, connection),
        csrfToken: CSRFToken.token(of: cookie)
      )
    }
    if holder.session.lastSeenAt <= now - Self.coarseness {
      try database.write { connection in
        try connection.execute(
          "UPDATE browser_sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2",
          [.int(holder.session.number), .int(now)]
        )
      }
    }
    return holder
  }

  /// The sessions of an account that have not ended, the last used first.
  public func sessions(of account: Int64) throws -> [BrowserSession] {
    let now = clock()
    return try database.read {
      try $0.rows(
        "SELECT * FROM browser_sessions WHERE account_id = $1 ORDER BY last_seen_at DESC, id DESC",
        [.int(account)]
      ).map(BrowserSession.init).filter { $0.isAlive(at: now) }
    }
  }

  /// Ends the session of a cookie, if there is one.
  public func endSession(cookie: Secret) throws {
    try database.write { try Self.endSession(cookie: cookie, $0) }
  }

  /// Ends one session of an account.
  ///
  /// - Throws: ``AccessError`` `unknown` when the account has no such session.
  public func endSession(_ number: Int64, of account: Int64) throws {
    try database.write { connection in
      let ended = try connection.execute(
        "DELETE FROM browser_sessions WHERE id = $1 AND account_id = $2",
        [.int(number), .int(account)]
      )
      guard ended > 0 else { throw AccessError(.unknown, "there is no session \(number)") }
    }
  }

  /// Ends every session of an account, but for one that is named.
  public func endSessions(of account: Int64, keeping session: Int64? = nil) throws {
    try database.write { try Self.endSessions(of: account, keeping: session, $0) }
  }

  static func endSessions(
    of account: Int64,
    keeping session: Int64?,
    _ connection: SQLConnection
  ) throws {
    try connection.execute(
      "DELETE FROM browser_sessions WHERE account_id = $1 AND id <> $2",
      [.int(account), .int(session ?? 0)]
    )
  }

  func beginSession(
    _ credential: Credential,
    address: String,
    previous: Secret?
  ) throws -> NewSession {
    // Never one that the browser brought along: whoever planted it there would be signed in too.
    let cookie = Secret(Base62.text(random(32), digits: 43))
    let account = credential.account.number
    return try database.write { connection in
      // The password may have been changed, or the account disabled, since it was compared.
      let isStill = try connection.row(
        "SELECT id FROM accounts WHERE id = $1 AND password = $2 AND disabled = 0",
        [.int(account), .string(credential.hash)]
      )
      guard isStill != nil else { throw Self.signInAgain }
      if let previous { try Self.endSession(cookie: previous, connection) }
      try makeRoom(for: account, connection)
      let row = try connection.row(
        """
        INSERT INTO browser_sessions (
          id, account_id, secret_hash, address, created_at, last_seen_at)
        VALUES (
          (SELECT COALESCE(MAX(id), 0) + 1 FROM browser_sessions), $1, $2, $3, $4, $4)
        RETURNING *
        """,
        [
          .int(account), .string(Self.hash(cookie)),
          .string(ClientAddress.shown(address)), .int(clock()),
        ]
      )
      guard let row else { throw StorageError(.io, "the browser session was not saved") }
      return NewSession(
        session: try BrowserSession(row),
        cookie: cookie,
        csrfToken: CSRFToken.token(of: cookie)
      )
    }
  }

  private func makeRoom(for account: Int64, _ connection: SQLConnection) throws {
    let now = clock()
    try connection.execute(
      "DELETE FROM browser_sessions WHERE created_at <= $1 OR last_seen_at <= $2",
      [.int(now - Self.longestSession), .int(now - Self.longestIdleTime)]
    )
    try connection.execute(
      """
      DELETE FROM browser_sessions WHERE account_id = $1 AND id NOT IN (
        SELECT id FROM browser_sessions WHERE account_id = $1
        ORDER BY last_seen_at DESC, id DESC LIMIT $2)
      """,
      [.int(account), .int(Self.mostSessions - 1)]
    )
  }

  private static func endSession(cookie: Secret, _ connection: SQLConnection) throws {
    try connection.execute(
      "DELETE FROM browser_sessions WHERE secret_hash = $1",
      [.string(hash(cookie))]
    )
  }

  static func hash(_ secret: Secret) -> String {
    SHA256.hexadecimal(of: Array(secret.reveal().utf8))
  }

  private static let signInAgain = AccessError(
    .unauthenticated,
    "the browser session has ended; sign in again"
  )
}

extension BrowserSession {
  fileprivate func isAlive(at now: Int64) -> Bool {
    now - createdAt < AccessStore.longestSession && now - lastSeenAt < AccessStore.longestIdleTime
  }
}
