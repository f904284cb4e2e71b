import Foundation
import Storage
import Values

/// Reads a file once, piece by piece: hashes it, and copies it where that is wanted.
struct FileDigest: Sendable, Hashable {
  let sizeInBytes: Int64
  /// 64 hexadecimal digits.
  let sha256: String

  /// Only reads; nil when there is no file.
  ///
  /// - Throws: ``CommandFailure`` `failed`, as the others.
  init?(of path: String) throws(CommandFailure) {
    guard let file = try Self.open(path) else { return nil }
    defer { close(file) }
    self = try Self.transfer(from: file, path, to: nil)
  }

  /// Copies to a new file with the same rights; nil when there is no file to copy.
  ///
  /// Of a file that grows, what was there at the beginning is copied.
  init?(copying path: String, to target: String) throws(CommandFailure) {
    guard let file = try Self.open(path) else { return nil }
    defer { close(file) }
    guard let status = FileStatus(descriptor: file) else { throw Self.failure(path, "read") }
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let copy = Foundation.open(target, flags, 0o600)
    guard copy >= 0 else { throw Self.failure(target, "made") }
    defer { close(copy) }
    self = try Self.transfer(from: file, path, to: (copy, target), atMost: status.sizeInBytes)
    guard fchmod(copy, status.rights) == 0 else { throw Self.failure(target, "written") }
  }

  init(sizeInBytes: Int64, sha256: String) {
    self.sizeInBytes = sizeInBytes
    self.sha256 = sha256
  }

  private static func open(_ path: String) throws(CommandFailure) -> Int32? {
    let file = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file >= 0 { return file }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw failure(path, "read")
  }

  private static func transfer(
    from file: Int32,
    _ path: String,
    to copy: (descriptor: Int32, path: String)?,
    atMost limit: Int64 = .max
  ) throws(CommandFailure) -> FileDigest {
    var hash = SHA256()
    var size: Int64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while size < limit {
      let wanted = Int(min(Int64(buffer.count), limit - size))
      let count = read(file, buffer.baseAddress, wanted)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path, "read") }
      guard count > 0 else { break }
      let piece = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
      hash.update(piece)
      size += Int64(count)
      if let copy { try write(piece, to: copy.descriptor, copy.path) }
    }
    return FileDigest(sizeInBytes: size, sha256: hash.finish())
  }

  static func write(
    _ bytes: UnsafeRawBufferPointer,
    to file: Int32,
    _ path: String
  ) throws(CommandFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = Foundation.write(file, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path, "written") }
      rest = rest.dropFirst(count)
    }
  }

  /// The failure of the system call just made, by its `errno`.
  static func failure(_ path: String, _ verb: String) -> CommandFailure {
    CommandFailure(
      .failed,
      "`\(path)` cannot be \(verb): \(String(cString: strerror(errno)).lowercased())"
    )
  }
}
