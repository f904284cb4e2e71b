import Storage
import Values

/// Until when something was removed because of its age, so that a check does not miss it.
struct RetentionMark {
  /// Logs and files of attempts that ended before the time.
  static let logs = RetentionMark(name: "logs")

  private static let migrations = [
    Migration(
      name: "0001-retention",
      statements: [
        """
        CREATE TABLE retention_marks (
          name TEXT PRIMARY KEY,
          removed_before DOUBLE PRECISION NOT NULL
        )
        """
      ]
    )
  ]

  let name: String

  /// Unix seconds; nil when nothing was removed ever.
  func time(in database: SQLDatabase) throws -> Double? {
    try database.read { connection in
      let table = try connection.row(
        "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'retention_marks'"
      )
      guard table != nil else { return nil }
      return try connection.row(
        "SELECT removed_before FROM retention_marks WHERE name = $1",
        [.string(name)]
      )?["removed_before"]?.double
    }
  }

  /// Moves the mark, never back; to be done before the first file is removed.
  func move(to time: Double, in database: SQLDatabase) throws {
    try database.migrate(Self.migrations, room: "Retention")
    try database.write { connection in
      try connection.execute(
        """
        INSERT INTO retention_marks (name, removed_before) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET
          removed_before = max(removed_before, excluded.removed_before)
        """,
        [.string(name), .double(time)]
      )
    }
  }
}
