import GRDB

extension StorageError {
  /// Says what SQLite reported in words a reader can act on.
  ///
  /// SQLite's own message names tables and columns but no values; GRDB's description would add the
  /// statement's arguments on request, which is why it is not used.
  init(_ error: DatabaseError, place: String) {
    let reported = error.message ?? "no message"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy,
        "the database `\(place)` was in use by another writer for too long; try again when that one "
          + "has finished",
        cause: error
      )
    case .SQLITE_FULL:
      self.init(
        .full,
        "no space left for the database `\(place)`; nothing of the change was kept, free "
          + "some space and try again",
        cause: error
      )
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .corrupt,
        "the database `\(place)` is damaged or is no SQLite database (\(reported)); restore it "
          + "from a copy, or move it away to begin with an empty one",
        cause: error
      )
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .readOnly,
        "the database `\(place)` may not be written here (\(reported))",
        cause: error
      )
    case .SQLITE_CONSTRAINT:
      self.init(.constraint, "\(reported) in the database `\(place)`", cause: error)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_NOLFS:
      self.init(
        .io,
        "the database `\(place)` could not be opened, read or written (\(reported))",
        cause: error
      )
    default:
      let statement = error.sql.map { " in `\($0)`" } ?? ""
      self.init(.statement, "\(reported)\(statement)", cause: error)
    }
  }
}
