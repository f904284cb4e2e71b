public import Storage

/// Accounts, their roles, API tokens and browser sessions, as rows.
///
/// Each method is one whole use case and one transaction. Those that take a password also compute
/// its hash before the transaction, which takes a third of a second and 32 MB. Times are
/// milliseconds since 1970-01-01T00:00:00Z. Failures of the database leave as `StorageError`.
public struct AccessStore: Sendable {
  let database: SQLDatabase
  let clock: @Sendable () -> Int64
  let random: @Sendable (Int) -> [UInt8]
  let passwords: PasswordHasher

  /// Opens the store on a database, bringing the room's tables up to date.
  ///
  /// - Parameters:
  ///   - database: may hold other rooms' tables too.
  ///   - clock: the time now.
  ///   - random: so many bytes that nobody can guess.
  ///   - cost: what hashing a password takes; a hash that was cheaper is made again at a sign-in.
  /// - Throws: `StorageError`.
  public init(
    database: SQLDatabase,
    clock: @escaping @Sendable () -> Int64,
    random: @escaping @Sendable (Int) -> [UInt8],
    cost: PasswordCost = .standard
  ) throws {
    self.database = database
    self.clock = clock
    self.random = random
    self.passwords = PasswordHasher(cost: cost, random: random)
    try database.migrate(AccessMigrations.all, room: AccessMigrations.room)
  }
}
