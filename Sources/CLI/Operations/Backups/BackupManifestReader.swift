import Foundation
import Values

/// Reads a manifest from the beginning to the end, as often as wanted.
struct BackupManifestReader {
  private let path: String
  let head: BackupManifest.Head

  /// Reads all of it once and checks that it is what was written.
  ///
  /// - Throws: ``CommandFailure`` `usage` when the folder is no backup, `failed` when its manifest is damaged.
  init(of backup: String) throws {
    path = backup + "/" + BackupManifest.name
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        .usage,
        "`\(backup)` is no backup: it has no `\(BackupManifest.name)`",
        hint: "`tadoru backup OUT --data DIR` makes one"
      )
    }
    var written: ObjectValue?
    try Self.check(path) { written = $0 }
    guard let first = written, let format = first["tadoru_backup"]?.int,
      let version = first["version"]?.string, let created = first["created_at"]?.string,
      let hasKey = first["has_key"]?.bool
    else { throw Self.damaged(path) }
    guard format <= BackupManifest.format else {
      throw CommandFailure(
        .failed,
        "the backup was made by the newer version \(version) of tadoru",
        hint: "restore it with that version"
      )
    }
    head = BackupManifest.Head(version: version, createdAt: created, hasKey: hasKey)
  }

  /// Hands over every entry in its order.
  func forEach(_ body: (BackupManifest.Entry) throws -> Void) throws {
    var lines = try LineFile(path)
    _ = try lines.next()
    while let line = try lines.next(), line.first != UInt8(ascii: "]") {
      try body(try entry(line))
    }
  }

  private func entry(_ line: [UInt8]) throws -> BackupManifest.Entry {
    let text = line.first == UInt8(ascii: ",") ? Array(line.dropFirst()) : line
    let object = try JSON.decode(utf8: text).object ?? [:]
    guard let name = object["path"]?.string, Self.isPlain(name) else {
      throw Self.damaged(path)
    }
    if let target = object["link"]?.string {
      return BackupManifest.Entry(path: name, content: .link(target))
    }
    guard let size = object["size"]?.int, let sha256 = object["sha256"]?.string else {
      throw Self.damaged(path)
    }
    return BackupManifest.Entry(
      path: name,
      content: .file(FileDigest(sizeInBytes: size, sha256: sha256))
    )
  }

  /// A path that stays in its folder.
  private static func isPlain(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0)
    }
  }

  /// Compares the hash at the end with that of the lines before it.
  private static func check(_ path: String, head: (ObjectValue) -> Void) throws {
    var lines = try LineFile(path)
    var hash = SHA256()
    var isFirst = true
    while let line = try lines.next() {
      if line.first == UInt8(ascii: "]") {
        let end = try object([UInt8(ascii: "{")] + line.dropFirst(2), path)
        guard end["sha256"]?.string == hash.finish(), try lines.next() == nil else { break }
        return
      }
      if isFirst { head(try object(line + Array("]}".utf8), path)) }
      isFirst = false
      (line + [10]).withUnsafeBytes { hash.update($0) }
    }
    throw damaged(path)
  }

  private static func object(_ bytes: [UInt8], _ path: String) throws -> ObjectValue {
    do {
      return try JSON.decode(utf8: bytes).object ?? [:]
    } catch {
      throw damaged(path)
    }
  }

  private static func damaged(_ path: String) -> CommandFailure {
    CommandFailure(
      .failed,
      "`\(path)` is damaged, so nothing in the backup can be checked; nothing was restored",
      hint: "take another copy of the backup"
    )
  }
}

/// The lines of a file, one at a time.
private struct LineFile {
  private let handle: FileHandle
  private var rest: ArraySlice<UInt8> = []
  private var isOver = false

  init(_ path: String) throws { handle = try FileHandle(forReadingFrom: URL(filePath: path)) }

  /// Without its newline; nil at the end.
  mutating func next() throws -> [UInt8]? {
    while true {
      if let end = rest.firstIndex(of: 10) {
        defer { rest = rest[(end + 1)...] }
        return Array(rest[..<end])
      }
      guard !isOver, let piece = try handle.read(upToCount: 256 << 10), !piece.isEmpty else {
        isOver = true
        defer { rest = [] }
        return rest.isEmpty ? nil : Array(rest)
      }
      rest = ArraySlice(Array(rest) + piece)
    }
  }
}
