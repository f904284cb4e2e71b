import Foundation
import Values

/// A project folder as one file, and back.
public enum ProjectArchive {
  /// An archive that was written.
  public struct Packed: Sendable, Hashable {
    /// SHA-256 of the archive, in hexadecimal digits.
    public let hash: String
    public let sizeInBytes: Int64
    /// Files, folders and links in it.
    public let entries: Int
  }

  /// Packs a folder as a gzip tar; equal names and contents give equal bytes.
  ///
  /// Left out are names that begin with a dot and what `.digdagignore` in the folder matches.
  /// - Parameters:
  ///   - folder: the root of the project.
  ///   - file: where the archive is put when it is complete; replaced when it exists.
  ///   - copyOutgoingLinks: packs what links that leave the folder lead to, instead of refusing them.
  /// - Returns: what was written.
  /// - Throws: ``ProjectError`` `refused` for a file that cannot be in an archive, with its path, or `io`.
  @discardableResult
  public static func pack(
    _ folder: String,
    to file: String,
    copyOutgoingLinks: Bool = false
  ) throws -> Packed {
    var tree = PackedTree(root: folder, copiesOutgoingLinks: copyOutgoingLinks)
    return try write(tree.items(), to: file)
  }

  /// Packs all of a folder that was unpacked from an archive of another format.
  static func repack(_ folder: String, to file: String) throws -> Packed {
    var tree = PackedTree(root: folder, copiesOutgoingLinks: false, leavesOut: false)
    return try write(tree.items(), to: file)
  }

  private static func write(_ items: [PackedItem], to file: String) throws -> Packed {
    let folder = try FolderTree.makePrivate(beside: file)
    defer { FolderTree.discard(folder) }
    let draft = folder + "/archive"
    try {
      let output = try OpenFile(making: draft)
      try ArchiveWriter.write(to: output.descriptor) { writer in
        for item in items { try add(item, to: writer) }
      }
      try output.setMode(0o644)
      try output.synchronize()
    }()
    let (hash, size) = try hash(of: draft)
    guard rename(draft, file) == 0 else {
      throw ProjectError.system("\(file.quotedName) cannot be written")
    }
    return Packed(hash: hash, sizeInBytes: size, entries: items.count)
  }

  private static func add(_ item: PackedItem, to writer: ArchiveWriter) throws {
    try writer.begin(item.entry)
    guard item.entry.kind == .file else { return }
    let input = try OpenFile(reading: item.source, followsLinks: item.isCopied)
    var missing = item.entry.sizeInBytes
    try withBuffer { buffer in
      while true {
        let count = try input.read(into: buffer)
        missing -= Int64(count)
        guard count > 0, missing >= 0 else { break }
        try writer.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    guard missing == 0 else {
      throw ProjectError(
        .io,
        "\(item.entry.path.quotedName) changed while it was packed",
        hint: "pack again when nothing writes to the folder"
      )
    }
  }

  /// Unpacks a gzip tar, a tar or a zip into a folder that does not exist yet.
  ///
  /// The folder is there as a whole or not at all. Owners, times and rights other than `x` are not taken over.
  /// - Throws: ``ProjectError`` `badArchive` that names the entry, `conflict` when the folder exists, or `io`.
  public static func unpack(_ file: String, into folder: String) throws {
    try unpack(file, into: folder, limits: .standard)
  }

  static func unpack(_ file: String, into folder: String, limits: ArchiveLimits) throws {
    let draft = try draft(of: file, beside: folder, limits: limits)
    do {
      try move(draft, to: folder)
    } catch {
      FolderTree.discard(draft)
      throw error
    }
  }

  /// Unpacks into a private folder beside the place it is meant for, and brings it to the disk.
  static func draft(
    of file: String,
    beside folder: String,
    limits: ArchiveLimits = .standard
  ) throws -> String {
    let draft = try FolderTree.makePrivate(beside: folder)
    do {
      let longest = max(draft.utf8.count, folder.utf8.count)
      var extraction = Extraction(folder: draft, longestPlace: longest, limits: limits)
      try extraction.run(file)
      chmod(draft, 0o755)
      try OpenFile(reading: draft).synchronizeFileSystem()
      return draft
    } catch {
      FolderTree.discard(draft)
      throw error
    }
  }

  /// Renames a complete folder to its place.
  ///
  /// - Throws: ``ProjectError`` `conflict` when the place is taken.
  static func move(_ draft: String, to folder: String) throws(ProjectError) {
    guard rename(draft, folder) == 0 else {
      if [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) {
        throw ProjectError(.conflict, "\(folder.quotedName) exists already")
      }
      throw ProjectError.system("\(folder.quotedName) cannot be made")
    }
    try FolderTree.synchronize(FolderTree.parent(of: folder))
  }

  /// SHA-256 in hexadecimal digits, and the size in bytes.
  static func hash(of file: String) throws -> (hash: String, sizeInBytes: Int64) {
    let input = try OpenFile(reading: file)
    var hash = SHA256()
    var size: Int64 = 0
    try withBuffer { buffer in
      while true {
        let count = try input.read(into: buffer)
        guard count > 0 else { break }
        size += Int64(count)
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    return (hash.finish(), size)
  }
}
