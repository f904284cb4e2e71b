import Foundation

/// A project folder and the state that local runs keep in its `.tadoru` folder.
struct LocalProject {
  /// Absolute.
  let directory: String

  init(_ path: String) {
    directory = URL(filePath: path).standardizedFileURL.path(percentEncoded: false).trimmedSlash
  }

  /// A folder that is there.
  ///
  /// - Throws: ``CommandFailure`` `usage` when it is not.
  init(existing path: String) throws(CommandFailure) {
    self = try LocalProject.found(path)
    try makeState()
  }

  /// A folder that is there; nothing is written to it.
  ///
  /// - Throws: ``CommandFailure`` `usage` when it is not.
  static func found(_ path: String) throws(CommandFailure) -> LocalProject {
    let project = LocalProject(path)
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(
      atPath: project.directory,
      isDirectory: &isFolder
    )
    if isThere, isFolder.boolValue { return project }
    throw CommandFailure(
      .usage,
      isThere
        ? "`\(path)` is a file, a project is a folder" : "there is no project folder `\(path)`",
      hint: "name the folder that holds the .dig files"
    )
  }

  var name: String { URL(filePath: directory).lastPathComponent }
  var state: String { directory + "/.tadoru" }
  var database: String { state + "/tadoru.db" }
  var warehouse: String { state + "/warehouse.duckdb" }
  var artifacts: String { state + "/artifacts" }
  var jobs: String { state + "/jobs" }
  var outbox: String { state + "/outbox" }
  var cache: String { state + "/cache" }
  var sessionLocks: String { state + "/sessions.lock" }
  var schedulerLock: String { state + "/scheduler.lock" }

  func attempt(_ id: Int64) -> String { state + "/attempts/\(id)" }
  func log(of attempt: Int64) -> String { self.attempt(attempt) + "/attempt.log" }

  /// Makes the state folder, unreadable for others, with a note that keeps it out of version control.
  func makeState() throws(CommandFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: state,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      let ignore = state + "/.gitignore"
      if !FileManager.default.fileExists(atPath: ignore) {
        try "*\n".write(toFile: ignore, atomically: true, encoding: .utf8)
      }
    } catch {
      throw CommandFailure(
        .failed,
        "the state folder `\(state)` cannot be made: \(error.localizedDescription)"
      )
    }
  }
}

extension String {
  fileprivate var trimmedSlash: String {
    count > 1 && hasSuffix("/") ? String(dropLast()) : self
  }
}
