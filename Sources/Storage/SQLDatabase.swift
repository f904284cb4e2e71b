import GRDB

/// The one door to a SQL database: short blocking transactions over statements both SQLite and
/// PostgreSQL understand.
///
/// Several processes may open one file. Within a process a serial queue orders the transactions, so
/// a closure must neither wait for another thread nor open a transaction of the same database.
public final class SQLDatabase: Sendable {
  /// What a committed transaction survives.
  public enum Durability: Sendable {
    /// The death of the process, even by `kill -9`.
    case process
    /// Loss of power too; each commit waits for the disk.
    case machine
  }

  /// How long a writer waits for another process, in seconds: longer than a busy disk holds up a commit.
  private static let patience = 30.0

  let queue: DatabaseQueue
  let place: String

  /// Opens a file, making it (mode 0600) and its folder (mode 0700) when they do not exist.
  ///
  /// - Throws: ``StorageError`` `corrupt`, `readOnly`, `busy` or `io`.
  public convenience init(path: String, durability: Durability) throws {
    try self.init(path: path, durability: durability, busyTimeoutInSeconds: Self.patience)
  }

  /// The same with a patience of one's own, for tests of what happens at its end.
  convenience init(path: String, durability: Durability, busyTimeoutInSeconds: Double) throws {
    let file = SQLiteFile(
      path: path,
      durability: durability,
      busyTimeoutInSeconds: busyTimeoutInSeconds
    )
    try self.init(file.open(), place: path)
  }

  init(_ queue: DatabaseQueue, place: String) {
    self.queue = queue
    self.place = place
  }

  /// A database that lives as long as the object.
  public static func inMemory() throws -> SQLDatabase {
    SQLDatabase(
      try DatabaseQueue(configuration: SQLiteFile.configuration()),
      place: "in memory"
    )
  }

  /// Applies a room's migrations that this database does not have yet, in order, all or none.
  ///
  /// - Throws: ``StorageError`` `newerSchema` when the database has a migration not listed here.
  public func migrate(_ migrations: [Migration], room: String) throws {
    let book = MigrationBook(room: room, migrations: migrations)
    guard try !read(book.isComplete) else { return }
    try write(book.apply)
  }

  /// Runs statements on one unchanging state of the database; a statement that writes is refused.
  public func read<T>(_ body: (SQLConnection) throws -> T) throws -> T {
    try translated { try queue.read { try body(SQLConnection($0, place: place)) } }
  }

  /// Runs statements as one transaction: a thrown error rolls all of them back.
  ///
  /// Waits up to half a minute for the writer of another process.
  /// - Throws: ``StorageError`` `busy` after that, and what the body throws.
  @discardableResult
  public func write<T>(_ body: (SQLConnection) throws -> T) throws -> T {
    try translated {
      try queue.writeWithoutTransaction { database in
        var result: T?
        try database.inTransaction(.immediate) {
          result = try body(SQLConnection(database, place: place))
          return .commit
        }
        guard let result else { throw StorageError(.io, "the transaction gave no result") }
        return result
      }
    }
  }

  func translated<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as DatabaseError {
      throw StorageError(error, place: place)
    }
  }
}
