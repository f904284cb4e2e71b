import Foundation
import Values

/// Makes a data folder from a backup, whole or not at all.
struct Restore {
  /// Damaged files that are named one by one.
  private static let mostNamed = 20

  /// What was made.
  struct Report {
    let data: String
    let files: Int
    let bytes: Int64
    let head: BackupManifest.Head

    var value: ObjectValue {
      [
        "data": .string(data), "files": .int(Int64(files)), "bytes": .int(bytes),
        "version": .string(head.version), "created_at": .string(head.createdAt),
        "has_key": .bool(head.hasKey),
      ]
    }
  }

  let backup: String
  let progress: OperationProgress

  init(_ backup: String, progress: OperationProgress) {
    self.backup = LocalProject(backup).directory
    self.progress = progress
  }

  /// - Parameter data: a folder that does not exist, or is empty.
  /// - Returns: what was made.
  /// - Throws: ``CommandFailure`` `failed` for a damaged backup or a folder that is in use, `usage` for what is no backup.
  func make(_ data: String) throws -> Report {
    let place = LocalProject(data).directory
    try check(place)
    let manifest = try BackupManifestReader(of: backup)
    try verify(manifest)
    let draft = try DraftFolder(for: place)
    let (files, bytes) = try copy(manifest, to: draft)
    try draft.keep()
    return Report(data: place, files: files, bytes: bytes, head: manifest.head)
  }

  private func check(_ place: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: place) else {
      let parent = (place as NSString).deletingLastPathComponent
      try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
      return
    }
    if try SessionLock.isHeld(file: place + "/server.lock", position: 0) {
      throw CommandFailure(
        .failed,
        "the data folder `\(place)` is in use by a server",
        hint: "end it, and restore into another folder or move this one away"
      )
    }
    guard try files.contentsOfDirectory(atPath: place).isEmpty else {
      throw CommandFailure(
        .failed,
        "the folder `\(place)` is not empty",
        hint: "move it away, or restore into another one"
      )
    }
  }

  /// Reads every file of the backup before anything is made.
  private func verify(_ manifest: BackupManifestReader) throws {
    var damaged: [String] = []
    var (files, bytes) = (0, Int64(0))
    try manifest.forEach { entry in
      if let fault = try fault(of: entry) { damaged.append("`\(entry.path)` \(fault)") }
      files += 1
      bytes += entry.sizeInBytes
      progress.tick("verified: \(files) files, \(OperationProgress.size(bytes))")
    }
    guard damaged.isEmpty else {
      let more = damaged.count - Self.mostNamed
      let shown = damaged.prefix(Self.mostNamed) + (more > 0 ? ["and \(more) more"] : [])
      throw CommandFailure(
        .failed,
        "the backup `\(backup)` is damaged, nothing was restored:\n  "
          + shown.joined(separator: "\n  "),
        hint: "take another copy of the backup, or an older one"
      )
    }
    progress.note("verified: \(files) files, \(OperationProgress.size(bytes))")
  }

  private func fault(of entry: BackupManifest.Entry) throws -> String? {
    let path = backup + "/" + entry.path
    switch entry.content {
    case .file(let expected):
      guard let found = try FileDigest(of: path) else { return "is missing" }
      if found.sizeInBytes != expected.sizeInBytes {
        return "has \(found.sizeInBytes) bytes, expected \(expected.sizeInBytes)"
      }
      return found == expected ? nil : "is not what was written: its SHA-256 differs"
    case .link(let target):
      do {
        let found = try FileManager.default.destinationOfSymbolicLink(atPath: path)
        return found == target ? nil : "leads to `\(found)`, expected `\(target)`"
      } catch {
        return "is missing"
      }
    }
  }

  /// Links come last, so that no file is written through one.
  private func copy(
    _ manifest: BackupManifestReader,
    to draft: DraftFolder
  ) throws -> (files: Int, bytes: Int64) {
    var (files, bytes) = (0, Int64(0))
    try manifest.forEach { entry in
      guard case .file(let expected) = entry.content else { return }
      let target = try draft.file(entry.path, asIn: backup)
      guard try FileDigest(copying: backup + "/" + entry.path, to: target) == expected else {
        throw CommandFailure(.failed, "`\(entry.path)` changed while it was restored")
      }
      files += 1
      bytes += entry.sizeInBytes
      progress.tick("restored: \(files) files, \(OperationProgress.size(bytes))")
    }
    try manifest.forEach { entry in
      guard case .link(let target) = entry.content else { return }
      try draft.link(entry.path, to: target, asIn: backup)
      files += 1
    }
    return (files, bytes)
  }
}
