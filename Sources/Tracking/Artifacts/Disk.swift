import Foundation

/// The system calls of the artifact store that Foundation does not offer, with errors in words.
enum Disk {
  /// What a path leads to.
  enum Kind {
    case file
    case folder
    case other
  }

  /// The failure of the system call just made, by its `errno`.
  static func failure(_ what: String) -> TrackingError {
    let reason = String(cString: strerror(errno))
    return TrackingError(.artifact, "\(what): \(reason)")
  }

  static func kind(of path: String) throws -> Kind {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw failure("`\(path)` could not be read") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Nil where there is no file.
  static func size(ofFile path: String) -> Int64? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(status.st_size)
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to file: CInt, _ path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = Foundation.write(file, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("the file `\(path)` could not be written") }
      rest = rest.dropFirst(count)
    }
  }

  static func rename(_ source: String, to target: String) throws {
    guard Foundation.rename(source, target) == 0 else {
      throw failure("`\(target)` could not be put in place")
    }
  }

  /// Brings the names in a folder to the disk; without it a rename may be lost with the power.
  static func synchronize(folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("the folder `\(folder)` could not be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("the folder `\(folder)` not written") }
  }
}
