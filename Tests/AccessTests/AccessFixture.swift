import Access
import Storage
import Synchronization
import Testing
import Values

/// A store in memory, with a clock that a test turns and cheap passwords.
final class AccessFixture: Sendable {
  static let password = Secret("correct horse battery")
  static let home = "192.0.2.1"

  let database: SQLDatabase
  let store: AccessStore
  let clock = Clock()

  init(database: SQLDatabase? = nil, cost: PasswordCost = AccessFixture.cheap) throws {
    self.database = try database ?? .inMemory()
    let clock = clock
    store = try AccessStore(
      database: self.database,
      clock: { clock.now },
      random: Randomness.system,
      cost: cost
    )
  }

  static let cheap = PasswordCost(exponent: 4, blockSize: 1, parallelism: 1)

  func advance(seconds: Int64) { clock.advance(seconds * 1_000) }

  func add(_ name: String, _ role: Role? = nil) throws -> Account {
    try store.addAccount(
      NewAccount(
        name: name,
        email: "\(name)@example.com",
        password: Self.password,
        serverRole: role
      )
    )
  }

  func log() throws -> AuditLog {
    let clock = clock
    return try AuditLog(database: database, clock: { clock.now })
  }
}

/// Milliseconds that go by when a test says so.
final class Clock: Sendable {
  private let time = Mutex<Int64>(1_700_000_000_000)

  var now: Int64 { time.withLock { $0 } }

  func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

/// The code of the refusal that a call ends in.
func refusal<Result>(_ body: () throws -> Result) -> AccessError? {
  do { _ = try body() } catch let error as AccessError { return error } catch {
    Issue.record(error)
    return nil
  }
  Issue.record("expected a refusal")
  return nil
}

/// The same for a call that waits.
func refusal<Result>(_ body: () async throws -> Result) async -> AccessError? {
  do { _ = try await body() } catch let error as AccessError { return error } catch {
    Issue.record(error)
    return nil
  }
  Issue.record("expected a refusal")
  return nil
}
