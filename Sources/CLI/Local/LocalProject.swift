import Foundation

/// The files of a project on this machine, and the folder with the state of what is run with them.
///
/// A local project has its own state folder, `.tadoru`; the projects of a server share that of the server.
struct LocalProject: Sendable {
  /// Where the files lie; absolute.
  let directory: String
  /// Absolute.
  let state: String
  let name: String
  /// The SQL engine opens no files but those of attempts: others wrote the queries.
  var isConfined = false

  /// A project folder with its own state.
  init(_ path: String) {
    directory = URL(filePath: path).standardizedFileURL.path(percentEncoded: false).trimmedSlash
    state = directory + "/.tadoru"
    name = URL(filePath: directory).lastPathComponent
  }

  /// A project of a server.
  ///
  /// - Parameters:
  ///   - files: the folder of a revision, absolute.
  ///   - state: the server's data folder, absolute.
  ///   - name: as it was pushed.
  init(files: String, state: String, name: String) {
    directory = files
    self.state = state
    self.name = name
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

  var database: String { state + "/tadoru.db" }
  var warehouse: String { state + "/warehouse.duckdb" }
  var artifacts: String { state + "/artifacts" }
  var jobs: String { state + "/jobs" }
  var outbox: String { state + "/outbox" }
  var cache: String { state + "/cache" }
  var workspaces: String { state + "/workspaces" }
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
