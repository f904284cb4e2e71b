import Foundation
import Storage

/// The folder with all state of a server; one process uses it at a time.
final class DataFolder: Sendable {
  /// Absolute.
  let path: String
  private let lock: SessionLock

  /// Makes the folder, unreadable for others, and takes it.
  ///
  /// - Throws: ``CommandFailure`` `failed` when another server uses it, or it cannot be made.
  init(_ written: String) throws {
    let place = LocalProject(written).directory
    do {
      try FileManager.default.createDirectory(
        atPath: place,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
    } catch {
      throw CommandFailure(
        .failed,
        "the data folder `\(place)` cannot be made: \(error.localizedDescription)"
      )
    }
    let file = place + "/server.lock"
    guard let lock = try SessionLock.ifFree(file: file, position: 0) else {
      // why: who holds the lock may not have written its number yet
      let owner = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      let process = owner.trimmingCharacters(in: .whitespacesAndNewlines)
      throw CommandFailure(
        .failed,
        "the data folder `\(place)` is in use by another server"
          + (process.isEmpty ? "" : ", process \(process)"),
        hint: "end that one first, or name another folder with --data"
      )
    }
    self.lock = lock
    path = place
    try Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8).write(to: URL(filePath: file))
  }

  var databaseFile: String { path + "/tadoru.db" }
  /// Holds the code that makes the first account.
  var setupCode: String { path + "/setup-code" }

  func database() throws -> SQLDatabase {
    try SQLDatabase(path: databaseFile, durability: .machine)
  }
}
