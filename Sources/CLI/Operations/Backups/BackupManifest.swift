import Foundation
import Values

/// `manifest.json`: what a backup holds, one line for each file, so that it is written and read piece by piece.
///
/// ```json
/// {"tadoru_backup":1,"version":"0.1.0","created_at":"2026-11-28T02:00:00.000Z","has_key":false,"files":[
/// {"path":"tadoru.db","size":524288,"sha256":"…"}
/// ,{"path":"attempts/7/latest","link":"model"}
/// ],"file_count":2,"bytes":524288,"sha256":"…"}
/// ```
/// The last `sha256` is that of all lines before it.
enum BackupManifest {
  static let name = "manifest.json"
  static let format: Int64 = 1

  /// What is said once.
  struct Head: Sendable {
    let version: String
    /// ISO 8601.
    let createdAt: String
    let hasKey: Bool

    var value: ObjectValue {
      [
        "tadoru_backup": .int(BackupManifest.format), "version": .string(version),
        "created_at": .string(createdAt), "has_key": .bool(hasKey),
      ]
    }
  }

  /// A file or a link of the data folder.
  struct Entry: Sendable {
    enum Content: Sendable {
      case file(FileDigest)
      /// A symbolic link and where it leads.
      case link(String)
    }

    /// Relative to the data folder.
    let path: String
    let content: Content

    var sizeInBytes: Int64 {
      if case .file(let digest) = content { digest.sizeInBytes } else { 0 }
    }

    var value: ObjectValue {
      switch content {
      case .file(let digest):
        [
          "path": .string(path), "size": .int(digest.sizeInBytes), "sha256": .string(digest.sha256),
        ]
      case .link(let target): ["path": .string(path), "link": .string(target)]
      }
    }
  }
}

/// Writes a manifest line by line.
final class BackupManifestWriter {
  private let path: String
  private let descriptor: Int32
  private var hash = SHA256()
  private(set) var files = 0
  private(set) var bytes: Int64 = 0

  init(_ path: String, _ head: BackupManifest.Head) throws(CommandFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileDigest.failure(path, "made") }
    try line(String(JSON.encode(.object(head.value)).dropLast()) + ",\"files\":[")
  }

  deinit { close(descriptor) }

  func add(_ entry: BackupManifest.Entry) throws(CommandFailure) {
    try line((files == 0 ? "" : ",") + JSON.encode(.object(entry.value)))
    files += 1
    bytes += entry.sizeInBytes
  }

  func finish() throws(CommandFailure) {
    let end: ObjectValue = [
      "file_count": .int(Int64(files)), "bytes": .int(bytes), "sha256": .string(hash.finish()),
    ]
    try line("]," + String(JSON.encode(.object(end)).dropFirst()))
  }

  private func line(_ text: String) throws(CommandFailure) {
    let line = Array(text.utf8) + [10]
    line.withUnsafeBytes { hash.update($0) }
    let problem = line.withUnsafeBytes { bytes -> CommandFailure? in
      do throws(CommandFailure) {
        try FileDigest.write(bytes, to: descriptor, path)
        return nil
      } catch {
        return error
      }
    }
    if let problem { throw problem }
  }
}
