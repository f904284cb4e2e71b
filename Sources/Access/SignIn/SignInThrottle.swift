import Storage
import Values

/// Counts wrong passwords and says who has to wait.
///
/// Three counters, each with failures that cost nothing and a delay that doubles with each one after:
///
/// | counted | free | longest delay |
/// |---|---|---|
/// | account name and address together | 5 | 15 minutes |
/// | address, over all names | 20 | 15 minutes |
/// | account name, over all addresses | 50 | 30 seconds |
///
/// So nobody shuts an owner out for ever: guesses from elsewhere reach the third counter only, whose
/// delay is short and does not concern an address from which the account signed in within 90 days.
/// A try during a delay is refused without looking at the password, and makes the delay no longer.
/// A counter is forgotten a day after its last failure. There are at most ``mostRows`` of them.
struct SignInThrottle: Sendable {
  static let mostRows: Int64 = 10_000
  static let mostKnownAddresses: Int64 = 20
  private static let memory: Int64 = 24 * 3_600_000
  private static let acquaintance: Int64 = 90 * 24 * 3_600_000

  /// One counter and its rule.
  private struct Counter {
    let subject: String
    let free: Int64
    let longestSeconds: Int64

    init(_ parts: [String], free: Int64, longestSeconds: Int64) {
      // Hashed, because the text is whatever an attacker sends: of any length, with any character.
      subject = SHA256.hexadecimal(of: Array(parts.joined(separator: "\u{0}").utf8))
      self.free = free
      self.longestSeconds = longestSeconds
    }

    func delay(after failures: Int64) -> Int64 {
      guard failures >= free else { return 0 }
      return min(longestSeconds, 1 << min(failures - free, 20)) * 1_000
    }
  }

  let name: String
  let account: Int64?
  /// As it is counted.
  let address: String

  /// One try at a name as it is looked up; without an account, since nobody has it, it is counted the same.
  init(name: String, account: Int64?, address: String) {
    self.name = name
    self.account = account
    self.address = ClientAddress.counted(address)
  }

  /// Refuses a try that comes too early.
  ///
  /// - Returns: true when there are failures for a success to forget.
  /// - Throws: ``AccessError`` `throttled` with the seconds to wait.
  func check(at now: Int64, _ connection: SQLConnection) throws -> Bool {
    var until: Int64 = 0
    var hasFailures = false
    for counter in try counters(at: now, connection) {
      let row = try connection.row(
        "SELECT blocked_until FROM sign_in_failures WHERE subject = $1",
        [.string(counter.subject)]
      )
      until = max(until, row?["blocked_until"]?.int ?? 0)
      hasFailures = hasFailures || (row != nil && counter.subject != client.subject)
    }
    guard until > now else { return hasFailures }
    let seconds = (until - now + 999) / 1_000
    throw AccessError(
      .throttled,
      "too many wrong passwords; try again in \(seconds) second\(seconds == 1 ? "" : "s")",
      retryAfterSeconds: seconds
    )
  }

  /// Counts a wrong password.
  func failed(at now: Int64, _ connection: SQLConnection) throws {
    try connection.execute(
      "DELETE FROM sign_in_failures WHERE last_at < $1",
      [.int(now - Self.memory)]
    )
    for counter in try counters(at: now, connection) {
      let row = try connection.row(
        """
        INSERT INTO sign_in_failures (subject, failures, last_at, blocked_until)
        VALUES ($1, 1, $2, 0)
        ON CONFLICT (subject) DO UPDATE SET
          failures = sign_in_failures.failures + 1, last_at = excluded.last_at
        RETURNING failures
        """,
        [.string(counter.subject), .int(now)]
      )
      let delay = counter.delay(after: row?["failures"]?.int ?? 0)
      guard delay > 0 else { continue }
      try connection.execute(
        "UPDATE sign_in_failures SET blocked_until = $2 WHERE subject = $1",
        [.string(counter.subject), .int(now + delay)]
      )
    }
    try makeRoom(connection)
  }

  /// Forgets the account's failures and remembers the address; what the address did to other names
  /// stays counted, or an attacker would sign in as himself in between.
  func succeeded(at now: Int64, _ connection: SQLConnection) throws {
    for counter in [pair, overall] {
      try connection.execute(
        "DELETE FROM sign_in_failures WHERE subject = $1",
        [.string(counter.subject)]
      )
    }
    guard let account else { return }
    try connection.execute(
      """
      INSERT INTO sign_in_addresses (account_id, address, last_at) VALUES ($1, $2, $3)
      ON CONFLICT (account_id, address) DO UPDATE SET last_at = excluded.last_at
      """,
      [.int(account), .string(address), .int(now)]
    )
    try connection.execute(
      """
      DELETE FROM sign_in_addresses WHERE account_id = $1 AND address NOT IN (
        SELECT address FROM sign_in_addresses WHERE account_id = $1
        ORDER BY last_at DESC, address LIMIT $2)
      """,
      [.int(account), .int(Self.mostKnownAddresses)]
    )
  }

  private var pair: Counter {
    Counter(["pair", name, address], free: 5, longestSeconds: 900)
  }
  private var client: Counter {
    Counter(["address", address], free: 20, longestSeconds: 900)
  }
  private var overall: Counter { Counter(["account", name], free: 50, longestSeconds: 30) }

  private func counters(at now: Int64, _ connection: SQLConnection) throws -> [Counter] {
    let known = try account.flatMap { account in
      try connection.row(
        "SELECT 1 AS n FROM sign_in_addresses WHERE account_id = $1 AND address = $2 AND last_at > $3",
        [.int(account), .string(address), .int(now - Self.acquaintance)]
      )
    }
    return known == nil ? [pair, client, overall] : [pair, client]
  }

  /// Those that block nobody go first, then the oldest.
  private func makeRoom(_ connection: SQLConnection) throws {
    let count = try connection.row("SELECT COUNT(*) AS n FROM sign_in_failures")?["n"]?.int ?? 0
    guard count > Self.mostRows else { return }
    try connection.execute(
      """
      DELETE FROM sign_in_failures WHERE subject IN (
        SELECT subject FROM sign_in_failures ORDER BY blocked_until, last_at LIMIT $1)
      """,
      [.int(count - Self.mostRows)]
    )
  }
}
