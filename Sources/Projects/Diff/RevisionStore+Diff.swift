extension RevisionStore {
  /// What changed from one revision to another, in the order of paths; the two may be of different projects.
  ///
  /// - Throws: ``ProjectError`` `io` when the files of one cannot be read.
  public func diff(_ old: Revision, _ new: Revision) throws -> [FileDifference] {
    guard old.hash != new.hash else { return [] }
    let before = try ProjectFiles(folder: try files(of: old))
    let after = try ProjectFiles(folder: try files(of: new))
    let paths = Set(before.items.keys).union(after.items.keys).sorted()
    return try paths.compactMap { try Self.difference($0, before, after) }
  }

  private static func difference(
    _ path: EntryPath,
    _ before: ProjectFiles,
    _ after: ProjectFiles
  ) throws -> FileDifference? {
    let (old, new) = (before.items[path], after.items[path])
    if old == new, try before.hasSameContent(path, as: after) { return nil }
    return FileDifference(
      path: path.text,
      change: old == nil ? .added : new == nil ? .removed : .changed,
      oldSizeInBytes: old?.sizeInBytes,
      newSizeInBytes: new?.sizeInBytes,
      content: try content(path, before, after)
    )
  }

  private static func content(
    _ path: EntryPath,
    _ before: ProjectFiles,
    _ after: ProjectFiles
  ) throws -> FileDifference.Content {
    let old = try before.content(path)
    let new = try after.content(path)
    let sides = [(before, old), (after, new)]
    let areTexts = sides.allSatisfy { files, bytes in
      bytes.map(isText) ?? (files.items[path] == nil)
    }
    guard areTexts else { return .binary }
    return .text(old == new ? "" : UnifiedDiff.text(path: path.text, old: old, new: new))
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
  }
}
