import Storage
import Synchronization
public import Values

/// Checks names and passwords, one after the other.
///
/// In turn, because each takes 32 MB, and because guesses sent at the same time could otherwise all be
/// looked at before the first of them is counted. At most ``longestQueue`` wait; more are refused.
public actor SignIn {
  public static let longestQueue = 64
  /// How long a password that was right is remembered, for clients that send it with each request.
  static let proofLifetime: Int64 = 60_000
  private static let mostProofs = 1_000

  private let store: AccessStore
  /// What a name that nobody has is compared with, so that it takes as long.
  private var dummy: String?
  private let proofKey: [UInt8]
  private var proofs: [[UInt8]: Int64] = [:]
  private nonisolated let queue = Mutex(0)

  public init(store: AccessStore) {
    self.store = store
    proofKey = store.random(32)
  }

  /// The account of a name and password; wrong ones are counted for the name and the client's address.
  ///
  /// - Throws: ``AccessError`` `unauthenticated` (the same for an unknown name, a wrong password and
  ///   a disabled account) or `throttled`.
  public nonisolated func account(
    name: String,
    password: Secret,
    address: String
  ) async throws -> Account {
    try await inTurn {
      try await self.prove(name: name, password: password, address: address).account
    }
  }

  /// Begins a browser session for a name and password; that of the cookie that came with the request ends.
  ///
  /// - Throws: as ``account(name:password:address:)``.
  public nonisolated func session(
    name: String,
    password: Secret,
    address: String,
    previous: Secret? = nil
  ) async throws -> NewSession {
    let credential = try await inTurn {
      try await self.prove(name: name, password: password, address: address)
    }
    return try store.beginSession(credential, address: address, previous: previous)
  }

  /// Runs the body unless too many are at it already.
  nonisolated func inTurn<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    let length = queue.withLock { length in
      length += 1
      return length
    }
    defer { queue.withLock { $0 -= 1 } }
    guard length <= Self.longestQueue else {
      throw AccessError(
        .throttled,
        "too many sign-ins at the same time; try again in 5 seconds",
        retryAfterSeconds: 5
      )
    }
    return try await body()
  }

  private func prove(name: String, password: Secret, address: String) throws -> Credential {
    let now = store.clock()
    let name = AccountName.folded(name)
    let credential = try store.credential(named: name)
    let throttle = SignInThrottle(
      name: name,
      account: credential?.account.number,
      address: address
    )
    // Before the proof, or guesses would find out, without being counted, what someone else just proved.
    let hasFailures = try store.database.read { try throttle.check(at: now, $0) }
    if let credential, let until = proofs[proof(of: credential, password, throttle)], until > now {
      if hasFailures { try store.database.write { try throttle.succeeded(at: now, $0) } }
      return credential
    }
    let isRight = try store.passwords.matches(password, stored: credential?.hash ?? unknownHash())
    guard isRight, let credential else {
      try store.database.write { try throttle.failed(at: now, $0) }
      throw AccessError(.unauthenticated, "the name or the password is wrong")
    }
    let kept = try store.recordSignIn(credential, password: password, throttle: throttle, at: now)
    remember(proof(of: kept, password, throttle), at: now)
    return kept
  }

  /// Made when it is first needed: it takes as long as a sign-in.
  private func unknownHash() throws -> String {
    if let dummy { return dummy }
    let made = try store.passwords.hash(Secret(Base62.text(store.random(32), digits: 43)))
    dummy = made
    return made
  }

  /// Keyed, so that memory holds nothing to guess passwords by; of the stored hash, so that it is
  /// worth nothing after a change of the password; and of the address, for which it counts alone.
  private func proof(
    of credential: Credential,
    _ password: Secret,
    _ throttle: SignInThrottle
  ) -> [UInt8] {
    let parts = [throttle.name, throttle.address, credential.hash, password.reveal()]
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return SHA256.authenticationCode(of: Array(text.utf8), key: proofKey)
  }

  private func remember(_ proof: [UInt8], at now: Int64) {
    if proofs.count >= Self.mostProofs { proofs = proofs.filter { $0.value > now } }
    if proofs.count >= Self.mostProofs { proofs.removeAll() }
    proofs[proof] = now + Self.proofLifetime
  }
}

/// An account that may sign in, with the stored hash that its password was compared with.
struct Credential: Sendable {
  let account: Account
  let hash: String
}

extension AccessStore {
  /// nil when nobody of that name may sign in.
  func credential(named name: String) throws -> Credential? {
    guard !name.utf8.contains(0) else { return nil }
    return try database.read { connection in
      let row = try connection.row(
        "SELECT * FROM accounts WHERE name = $1 AND disabled = 0 AND deleted_at IS NULL",
        [.string(name)]
      )
      return try row.map { row in
        Credential(account: try Account(row), hash: try AccessRow(row).text("password"))
      }
    }
  }

  /// Notes a right password, and hashes it anew when the settings have been raised since.
  func recordSignIn(
    _ credential: Credential,
    password: Secret,
    throttle: SignInThrottle,
    at now: Int64
  ) throws -> Credential {
    let isOutdated = try passwords.isOutdated(credential.hash)
    let hash = isOutdated ? try passwords.hash(password) : credential.hash
    try database.write { connection in
      try throttle.succeeded(at: now, connection)
      // A password that was changed meanwhile stays as it was changed.
      try connection.execute(
        "UPDATE accounts SET password = $3, last_sign_in_at = $4 WHERE id = $1 AND password = $2",
        [
          .int(credential.account.number), .string(credential.hash), .string(hash), .int(now),
        ]
      )
    }
    return Credential(account: credential.account, hash: hash)
  }
}
