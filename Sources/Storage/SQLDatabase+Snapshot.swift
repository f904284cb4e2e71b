import Foundation
import GRDB

extension SQLDatabase {
  /// Opens a file that is there for reading only: nothing is made, migrated or written.
  ///
  /// - Throws: ``StorageError`` `io` when there is no file, `corrupt` when it is no database.
  public static func reading(path: String) throws -> SQLDatabase {
    guard access(path, F_OK) == 0 else {
      throw StorageError(.io, "there is no database `\(path)`")
    }
    var configuration = SQLiteFile.configuration(busyTimeoutInSeconds: 30)
    configuration.readonly = true
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
      return SQLDatabase(queue, place: path)
    } catch let error as DatabaseError {
      throw StorageError(error, place: path)
    }
  }

  /// Copies all that is committed at one moment to a new file, on the disk when the call returns.
  ///
  /// Others read and write meanwhile. The copy has no free pages and is for its owner only; it is made as a whole or
  /// not at all.
  /// - Parameter path: a file that does not exist yet, in a folder that does.
  /// - Throws: ``StorageError`` `full`, `io`, `corrupt` when the database is damaged.
  public func snapshot(to path: String) throws {
    // SQLite takes an empty file for its own, so the copy is private from its first byte on.
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(.io, "`\(path)` could not be made: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    do {
      try translated {
        try queue.writeWithoutTransaction { database in
          try database.execute(sql: "VACUUM INTO ?", arguments: [path])
        }
      }
      guard fsync(descriptor) == 0 else {
        throw StorageError(.io, "`\(path)` not written: \(String(cString: strerror(errno)))")
      }
    } catch {
      unlink(path)
      throw error
    }
  }
}
