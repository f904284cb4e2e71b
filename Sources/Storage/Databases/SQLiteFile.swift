import Foundation
import GRDB

/// Opens one SQLite file the way Tadoru wants it: private, in WAL mode, patient with other writers.
struct SQLiteFile {
  let path: String
  let durability: SQLDatabase.Durability
  /// How long a writer waits for another one.
  let busyTimeoutInSeconds: Double

  static func configuration(busyTimeoutInSeconds: Double = 0) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeoutInSeconds)
    configuration.label = "tadoru.storage"
    return configuration
  }

  func open() throws -> DatabaseQueue {
    try makeFile()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(busyTimeoutInSeconds)
    while true {
      do {
        return try openOnce()
      } catch let error as DatabaseError {
        // SQLite does not wait for another process that is turning a new file into one with a write-ahead log: it
        // reports it as busy at once.
        guard error.resultCode == .SQLITE_BUSY, clock.now < end else {
          throw StorageError(error, place: path)
        }
        Thread.sleep(forTimeInterval: 0.01)
      }
    }
  }

  private func openOnce() throws -> DatabaseQueue {
    let queue = try DatabaseQueue(
      path: path,
      configuration: Self.configuration(busyTimeoutInSeconds: busyTimeoutInSeconds)
    )
    try queue.writeWithoutTransaction(prepare)
    return queue
  }

  private func prepare(_ database: Database) throws {
    var mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
    if mode != "wal" { mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") }
    guard mode == "wal" else {
      throw StorageError(
        .io,
        "`\(path)` cannot use a write-ahead log: expected journal mode `wal`, found "
          + "`\(mode ?? "none")`; put the folder on a local file system"
      )
    }
    switch durability {
    case .process: try database.execute(sql: "PRAGMA synchronous = NORMAL")
    case .machine: try database.execute(sql: "PRAGMA synchronous = FULL")
    }
  }

  /// SQLite gives `-wal` and `-shm` the mode of the main file, so making that one first is enough.
  private func makeFile() throws {
    guard access(path, F_OK) != 0 else { return }
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: folder,
          withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700]
        )
      } catch {
        throw StorageError(.io, "the folder `\(folder)` could not be made", cause: error)
      }
    }
    let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code: StorageError.Code =
        errno == ENOSPC ? .full : (errno == EACCES || errno == EROFS) ? .readOnly : .io
      throw StorageError(
        code,
        "the database `\(path)` could not be made: \(String(cString: strerror(errno)))"
      )
    }
    close(descriptor)
  }
}
