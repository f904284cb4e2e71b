import Foundation
import Storage

/// The data folder of a server, as commands find it that work beside the server or without it.
struct DataPlace: Sendable {
  /// Absolute.
  let path: String

  /// - Throws: ``CommandFailure`` `usage` when no server has made it.
  init(existing written: String) throws(CommandFailure) {
    path = LocalProject(written).directory
    guard FileManager.default.fileExists(atPath: databaseFile) else {
      throw CommandFailure(
        .usage,
        "`\(written)` is no data folder of a server: it has no `tadoru.db`",
        hint: "name the folder with --data or TADORU_DATA"
      )
    }
  }

  var databaseFile: String { path + "/tadoru.db" }
  var warehouseFile: String { path + "/warehouse.duckdb" }
  var attempts: String { path + "/attempts" }
  var jobs: String { path + "/jobs" }
  var incoming: String { path + "/incoming" }

  /// The folder in the form in which the rooms of a project are opened.
  var project: LocalProject { LocalProject(files: path, state: path, name: "") }

  /// True while a server uses it.
  var isServed: Bool {
    get throws { try SessionLock.isHeld(file: path + "/server.lock", position: 0) }
  }

  /// Keeps out other commands that copy or remove files of the folder; a server goes on.
  ///
  /// - Throws: ``CommandFailure`` `failed` while another one is at work.
  func reserved() throws -> SessionLock {
    if let lock = try SessionLock.ifFree(file: path + "/operations.lock", position: 0) {
      return lock
    }
    throw CommandFailure(
      .failed,
      "another `tadoru backup` or `tadoru gc` is at work in `\(path)`",
      hint: "wait for its end"
    )
  }

  /// Numbers of attempts that have a folder, in their order.
  func attemptFolders() throws -> [Int64] {
    guard FileManager.default.fileExists(atPath: attempts) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: attempts).compactMap { Int64($0) }
      .sorted()
  }
}
