import Values

/// One step of a room's tables from one version to the next; never edited once released.
public struct Migration: Sendable {
  /// Unique in its room, such as `0001-runs`.
  public let name: String
  let steps: @Sendable (SQLConnection) throws -> Void

  /// A migration that executes statements in order, each one statement without `;`.
  public init(name: String, statements: [String]) {
    self.init(name: name) { connection in
      for statement in statements { try connection.execute(statement) }
    }
  }

  /// A migration that must look at rows; the closure runs inside the transaction.
  public init(name: String, steps: @escaping @Sendable (SQLConnection) throws -> Void) {
    self.name = name
    self.steps = steps
  }
}

/// The book of what has been applied: one row for each room and migration.
struct MigrationBook {
  let room: String
  let migrations: [Migration]

  /// True when every migration is in the book; reads only, since most starts find nothing to do.
  func isComplete(_ connection: SQLConnection) throws -> Bool {
    let book = try connection.row(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'tadoru_migrations'"
    )
    return try book != nil && applied(connection).count == migrations.count
  }

  /// Applies what is missing, in order.
  func apply(_ connection: SQLConnection) throws {
    try connection.execute(
      """
      CREATE TABLE IF NOT EXISTS tadoru_migrations (
        room TEXT NOT NULL,
        position BIGINT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (room, position))
      """
    )
    let done = try applied(connection).count
    for (position, migration) in migrations.enumerated().dropFirst(done) {
      try migration.steps(connection)
      try connection.execute(
        "INSERT INTO tadoru_migrations (room, position, name) VALUES ($1, $2, $3)",
        [.string(room), .int(Int64(position)), .string(migration.name)]
      )
    }
  }

  private func applied(_ connection: SQLConnection) throws -> [String] {
    let names = try connection.rows(
      "SELECT name FROM tadoru_migrations WHERE room = $1 ORDER BY position",
      [.string(room)]
    ).compactMap { $0["name"]?.string }
    let known = migrations.map(\.name)
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw StorageError(
        .newerSchema,
        "the database `\(connection.place)` was written by a newer version: room `\(room)` has the "
          + "migration `\(unknown)`, which this version does not know; use the newer version"
      )
    }
    guard known.starts(with: names) else {
      throw StorageError(
        .newerSchema,
        "the database `\(connection.place)` has the migrations of room `\(room)` in another order: "
          + "expected \(known), found \(names)"
      )
    }
    return names
  }
}
