import Foundation
import Glibc
import Values

/// The file that holds a ``VaultKey``: 32 bytes as they are, or as base64 text, for its owner only.
public struct VaultKeyFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The key of the file, which is made (mode 0600) with a new key when it is not there.
  ///
  /// Of several processes that make it at the same time, one does, and the others read its key.
  /// - Throws: ``AccessError`` `wrongKey` when others may read the file or it is no key.
  public func keyMadeOnFirstUse(random: @Sendable (Int) -> [UInt8]) throws -> VaultKey {
    if let key = try existingKey() { return key }
    let draft = "\(path).\(SHA256.hexadecimalDigits(of: random(8))).draft"
    try write(VaultKey(random: random), to: draft)
    defer { unlink(draft) }
    // Unlike a rename, a link fails when someone else was faster.
    guard link(draft, path) == 0 || errno == EEXIST else { throw failure("made", errno) }
    try syncFolder()
    guard let key = try existingKey() else { throw failure("read", ENOENT) }
    return key
  }

  /// The key of the file, nil when there is no file.
  ///
  /// - Throws: ``AccessError`` `wrongKey` when others may read the file or it is no key.
  public func existingKey() throws -> VaultKey? {
    // Not blocking, because it may be a pipe by mistake.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("opened", errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
      throw AccessError(
        .wrongKey,
        "the key file `\(path)` must be a file that only its owner may read, found mode "
          + String(status.st_mode & 0o777, radix: 8),
        hint: "`chmod 600 \(path)`, and a new key if others may have read it"
      )
    }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure("read", errno) }
    return try key(of: Array(bytes.prefix(count)))
  }

  /// Puts another key into the place of the file's, all or nothing.
  func replace(with key: VaultKey) throws {
    let draft = path + ".draft"
    unlink(draft)
    try write(key, to: draft)
    guard rename(draft, path) == 0 else { throw failure("replaced", errno) }
    try syncFolder()
  }

  func remove() throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("removed", errno) }
  }

  private func key(of bytes: [UInt8]) throws -> VaultKey {
    if bytes.count == VaultKey.byteCount { return VaultKey(bytes: bytes) }
    do { return try VaultKey(base64: Secret(String(decoding: bytes, as: UTF8.self))) } catch {
      throw AccessError(
        .wrongKey,
        "the key file `\(path)` must hold \(VaultKey.byteCount) bytes, or them in base64; "
          + "found \(bytes.count) bytes"
      )
    }
  }

  private func write(_ key: VaultKey, to path: String) throws {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("made", errno) }
    defer { close(descriptor) }
    let bytes = key.bytes
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      let reason = errno
      unlink(path)
      throw failure("written", reason)
    }
  }

  /// A key that a power failure takes away takes all secrets with it.
  private func syncFolder() throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("kept", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("kept", errno) }
  }

  private func failure(_ what: String, _ number: Int32) -> AccessError {
    AccessError(
      .wrongKey,
      "the key file `\(path)` could not be \(what): \(String(cString: strerror(number)))"
    )
  }
}
