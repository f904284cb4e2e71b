public import Foundation
public import Values
public import WorkflowLanguage

/// Which files the server opens for a task.
///
/// Processes that a task starts are not held by it: their account is.
public struct FilePolicy: Sendable, Hashable {
  /// Every file that this process can open.
  public static let open = FilePolicy(isConfined: false)
  /// Files of the project, or of the workspace that is a copy of it.
  public static let project = FilePolicy(isConfined: true)

  public let isConfined: Bool

  private init(isConfined: Bool) { self.isConfined = isConfined }

  /// Reads `files: project` (the default) or `files: everything` of `isolation:`.
  ///
  /// - Throws: `WorkflowError` `parameter`.
  public init(settings: ObjectValue) throws(WorkflowError) {
    switch settings["files"] {
    case nil, .null, .string("project"): self = .project
    case .string("everything"): self = .open
    case let other?:
      throw WorkflowError(
        .parameter,
        "`isolation.files` must be `project` or `everything`, found `\(other.text)`"
      )
    }
  }

  /// The real path of a file, links followed, once it is known to lie in a folder; what is not there yet stays as written.
  ///
  /// - Parameters:
  ///   - path: absolute.
  ///   - name: as the user wrote it, for messages.
  ///   - folder: the project's or the workspace's.
  /// - Returns: `path` itself when the policy is open.
  /// - Throws: ``TaskFailure`` `config` for a path that leads out of the folder, however it does so.
  public func confined(
    _ path: String,
    writtenAs name: String,
    to folder: String
  ) throws(TaskFailure) -> String {
    guard isConfined else { return path }
    guard !path.utf8.contains(0), path.utf8.count < Int(PATH_MAX) else {
      throw TaskFailure(
        .config,
        "`\(name.prefix(100))` is no path of a file: too long, or with a NUL"
      )
    }
    guard let root = Self.real(folder) else {
      throw TaskFailure(.runtime, "the folder of the project is gone")
    }
    guard let real = Self.real(beginningOf: path), Self.contains(root, real) else {
      throw Self.outside(name)
    }
    return real
  }

  /// Opens a file for reading; nil where there is none, or no plain one.
  ///
  /// What was opened is looked at once more, so that a link that is put in the place of the file leads nowhere.
  public func open(
    _ path: String,
    writtenAs name: String,
    in folder: String
  ) throws(TaskFailure) -> FileHandle? {
    let real = try confined(path, writtenAs: name, to: folder)
    // A pipe that somebody put there must not hold the server up.
    let mode = O_RDONLY | O_CLOEXEC | (isConfined ? O_NONBLOCK : 0)
    let descriptor = Glibc.open(real, mode)
    guard descriptor >= 0 else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard isConfined else { return handle }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard let opened = Self.real("/proc/self/fd/\(descriptor)"), let root = Self.real(folder),
      Self.contains(root, opened)
    else { throw Self.outside(name) }
    return handle
  }

  private static func outside(_ name: String) -> TaskFailure {
    TaskFailure(
      .config,
      "`\(name.prefix(200))` is outside of the project: tasks of this server use files of their project only "
        + "(`isolation.files` of its settings)"
    )
  }

  private static func contains(_ root: String, _ path: String) -> Bool {
    path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
  }

  private static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// The real path of what is there of a path, and the rest as written; nil where the rest could lead anywhere.
  private static func real(beginningOf path: String) -> String? {
    var there = path
    var rest: [Substring] = []
    while true {
      if let real = real(there.isEmpty ? "/" : there) {
        return ([real == "/" ? "" : real] + rest.reversed().map(String.init)).joined(separator: "/")
      }
      // A link that leads to nothing would be followed by whoever makes the file.
      var status = stat()
      guard errno == ENOENT || errno == ENOTDIR, lstat(there, &status) != 0 else { return nil }
      while there.hasSuffix("/") { there.removeLast() }
      guard let slash = there.lastIndex(of: "/") else { return nil }
      let part = there[there.index(after: slash)...]
      guard part != "..", part != "." else { return nil }
      rest.append(part)
      there = String(there[..<slash])
    }
  }
}
