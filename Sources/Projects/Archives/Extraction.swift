import Foundation

/// Writes the entries of one archive into a folder that nobody else knows of yet.
///
/// Nothing is written through a link: they are made after everything else.
struct Extraction {
  /// Private and empty.
  let folder: String
  /// As long as the longest place the folder will be renamed to.
  let longestPlace: Int
  let limits: ArchiveLimits
  private var unpacked: Int64 = 0

  init(folder: String, longestPlace: Int, limits: ArchiveLimits) {
    self.folder = folder
    self.longestPlace = longestPlace
    self.limits = limits
  }

  /// - Throws: ``ProjectError`` `badArchive`; what was written until then stays behind.
  mutating func run(_ file: String) throws {
    let (format, packed) = try ArchiveCheck(file: file, limits: limits).run()
    try ArchiveReader.entries(of: file, format: format) { reader in
      var tree = ArchiveTree(limits: limits)
      while let entry = try reader.next() {
        guard let step = try tree.add(entry) else { continue }
        try perform(step, entry, reader, packed: packed)
      }
      for (path, target) in try tree.links() {
        guard symlink(target, place(path)) == 0 else {
          throw ProjectError.system("\(path.text.quotedName) cannot be made")
        }
      }
    }
  }

  private mutating func perform(
    _ step: ArchiveTree.Step,
    _ entry: ArchiveEntry,
    _ reader: ArchiveReader,
    packed: Int64
  ) throws {
    guard longestPlace + 1 + step.path.text.utf8.count < EntryPath.longestPath else {
      throw ProjectError(
        .badArchive,
        "the entry \(entry.path.quotedName) has a path that is too long for where it goes"
      )
    }
    for path in step.newFolders {
      guard mkdir(place(path), 0o755) == 0 else {
        throw ProjectError.system("\(path.text.quotedName) cannot be made")
      }
      // The umask had its say in `mkdir`.
      chmod(place(path), 0o755)
    }
    switch entry.kind {
    case .folder, .symbolicLink, .special: return
    case .file, .hardLink: if step.isRepeated { unlink(place(step.path)) }
    }
    if let source = step.source {
      guard link(place(source), place(step.path)) == 0 else {
        throw ProjectError.system("\(step.path.text.quotedName) cannot be made")
      }
    } else {
      try write(entry, to: place(step.path), reader, packed: packed)
    }
  }

  private mutating func write(
    _ entry: ArchiveEntry,
    to place: String,
    _ reader: ArchiveReader,
    packed: Int64
  ) throws {
    let file = try OpenFile(making: place)
    try withBuffer { buffer in
      while true {
        let count = try reader.read(into: buffer)
        guard count > 0 else { break }
        unpacked += Int64(count)
        if let problem = limits.problem(unpacked: unpacked, packed: packed) {
          throw ProjectError(.badArchive, "the archive \(problem), at \(entry.path.quotedName)")
        }
        try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    try file.setMode(entry.isExecutable ? 0o755 : 0o644)
  }

  private func place(_ path: EntryPath) -> String { folder + "/" + path.text }
}
