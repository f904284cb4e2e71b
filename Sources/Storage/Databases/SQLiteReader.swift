import Foundation
import GRDB
public import Values

/// A SQLite file of somebody else's, opened for reading only and left as it is.
public struct SQLiteReader: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// - Throws: ``StorageError`` when there is no such file, or it is no database.
  public init(path: String) throws {
    var configuration = SQLiteFile.configuration(busyTimeoutInSeconds: 10)
    configuration.readonly = true
    guard FileManager.default.fileExists(atPath: path) else {
      throw StorageError(.io, "there is no file `\(path)`")
    }
    self.path = path
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
    } catch let error as DatabaseError {
      throw StorageError(error, place: path)
    }
  }

  /// Runs one query and hands its rows over one by one, in front of them the names of the columns.
  ///
  /// An error that a closure throws ends the query and comes back.
  public func read(
    _ sql: String,
    columns: ([String]) throws -> Void,
    row: ([Value]) throws -> Void
  ) throws {
    do {
      try queue.read { database in
        let statement = try database.makeStatement(sql: sql)
        let names = statement.columnNames
        try columns(names)
        let cursor = try Row.fetchCursor(statement)
        while let found = try cursor.next() {
          try row(names.indices.map { Value(found[$0] as DatabaseValue) })
        }
      }
    } catch let error as DatabaseError {
      throw StorageError(.statement, error.message ?? "`\(path)` cannot be read", cause: error)
    }
  }
}
