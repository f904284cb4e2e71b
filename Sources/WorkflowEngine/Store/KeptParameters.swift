public import Storage
import Values

/// Values that outlive attempts, by name: what `param_set>` keeps and `param_get>` reads.
public struct KeptParameters: Sendable {
  /// How long a value is kept after it was set.
  public static let lifeInDays = 90

  private let now: @Sendable () -> Double
  private let database: @Sendable () throws -> SQLDatabase

  /// - Parameters:
  ///   - now: Unix time in seconds.
  ///   - database: opened at each use; may hold other rooms' tables too.
  public init(
    now: @escaping @Sendable () -> Double,
    database: @escaping @Sendable () throws -> SQLDatabase
  ) {
    self.now = now
    self.database = database
  }

  /// Keeps texts by name, all or none; forgets what is too old.
  public func set(_ texts: [String: String]) throws(TaskFailure) {
    try explained("kept") {
      let time = now()
      try opened().write { connection in
        try connection.execute(
          "DELETE FROM kept_parameters WHERE updated_at < $1",
          [.double(Self.oldest(time))]
        )
        for (name, text) in texts {
          try connection.execute(
            """
            INSERT INTO kept_parameters (name, value, updated_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
            """,
            [.string(name), .string(text), .double(time)]
          )
        }
      }
    }
  }

  /// The texts of those names that are kept.
  public func get(_ names: [String]) throws(TaskFailure) -> [String: String] {
    try explained("read") {
      let oldest = Self.oldest(now())
      return try opened().read { connection in
        var found: [String: String] = [:]
        for name in names {
          let row = try connection.row(
            "SELECT value FROM kept_parameters WHERE name = $1 AND updated_at >= $2",
            [.string(name), .double(oldest)]
          )
          found[name] = row?["value"]?.string
        }
        return found
      }
    }
  }

  /// How many values are too old to be read.
  public func outdated() throws -> Int {
    let row = try opened().read {
      try $0.row(
        "SELECT count(*) AS n FROM kept_parameters WHERE updated_at < $1",
        [.double(Self.oldest(now()))]
      )
    }
    return Int(row?["n"]?.int ?? 0)
  }

  /// Forgets what is too old to be read; gives how many values those were.
  @discardableResult
  public func forgetOutdated() throws -> Int {
    try opened().write {
      try $0.execute(
        "DELETE FROM kept_parameters WHERE updated_at < $1",
        [.double(Self.oldest(now()))]
      )
    }
  }

  private static func oldest(_ now: Double) -> Double { now - Double(lifeInDays) * 86_400 }

  private func opened() throws -> SQLDatabase {
    let database = try database()
    try database.migrate(Self.migrations, room: "KeptParameters")
    return database
  }

  private func explained<T>(_ what: String, _ body: () throws -> T) throws(TaskFailure) -> T {
    do { return try body() } catch {
      throw TaskFailure(.runtime, "parameters could not be \(what): \(error)")
    }
  }

  private static let migrations = [
    Migration(
      name: "0001-kept-parameters",
      statements: [
        """
        CREATE TABLE kept_parameters (
          name TEXT PRIMARY KEY,
          value TEXT NOT NULL,
          updated_at DOUBLE PRECISION NOT NULL
        )
        """
      ]
    )
  ]
}
