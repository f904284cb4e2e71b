import CArchive
import Foundation

/// A file descriptor that is closed when it is let go of; the one way in which this room reads and writes bytes.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  private let path: String

  /// Opens a file for reading; a link in its place is refused.
  init(reading path: String, followsLinks: Bool = false) throws(ProjectError) {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
    try self.init(path, flags, 0, "read")
  }

  /// Makes a file that does not exist yet, for its owner alone.
  init(making path: String) throws(ProjectError) {
    try self.init(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600, "made")
  }

  private init(
    _ path: String,
    _ flags: Int32,
    _ mode: mode_t,
    _ verb: String
  ) throws(ProjectError) {
    descriptor = open(path, flags, mode)
    self.path = path
    guard descriptor >= 0 else { throw ProjectError.system("\(path.quotedName) cannot be \(verb)") }
  }

  deinit { close(descriptor) }

  /// Reads up to the size of the buffer; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ProjectError) -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw ProjectError.system("\(path.quotedName) cannot be read") }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ProjectError) {
    var rest = bytes
    while let address = rest.baseAddress, rest.count > 0 {
      let count = Foundation.write(descriptor, address, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ProjectError.system("\(path.quotedName) cannot be written") }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Sets the rights, whatever the umask says.
  func setMode(_ mode: mode_t) throws(ProjectError) {
    guard fchmod(descriptor, mode) == 0 else {
      throw ProjectError.system("the rights of \(path.quotedName) cannot be set")
    }
  }

  /// Returns when everything on the file system it is on has reached the disk: one wait for many files.
  func synchronizeFileSystem() throws(ProjectError) {
    guard syncfs(descriptor) == 0 else {
      throw ProjectError.system("\(path.quotedName) cannot be written")
    }
  }

  /// Returns when the content has reached the disk.
  func synchronize() throws(ProjectError) {
    guard fsync(descriptor) == 0 else {
      throw ProjectError.system("\(path.quotedName) cannot be written")
    }
  }
}

extension ProjectError {
  /// `io` with the reason of the last call to the system.
  static func system(_ what: String) -> ProjectError {
    ProjectError(.io, "\(what): \(String(cString: strerror(errno)).lowercased())")
  }
}
