import Foundation
import WorkflowLanguage

/// One thing that goes into an archive.
struct PackedItem {
  let entry: ArchiveEntry
  /// Where its content is.
  let source: String
  /// True for what a link that leaves the project leads to.
  let isCopied: Bool
}

/// Walks a project folder for what belongs to its archive.
struct PackedTree {
  private let root: String
  private let copiesOutgoingLinks: Bool
  private let leavesOut: Bool
  private let limits = ArchiveLimits.standard
  private var ignore = IgnoreRules()
  private var found: [PackedItem] = []
  private var size: Int64 = 0
  /// The folders that are being walked, to find links that lead into one of them.
  private var open: [FileIdentity] = []

  init(root: String, copiesOutgoingLinks: Bool, leavesOut: Bool = true) {
    self.root = root
    self.copiesOutgoingLinks = copiesOutgoingLinks
    self.leavesOut = leavesOut
  }

  /// Everything in the order of paths, which puts folders before what is in them.
  ///
  /// - Throws: ``ProjectError`` `refused` with the path, or `io`.
  mutating func items() throws -> [PackedItem] {
    if leavesOut { ignore = try readIgnoreRules() }
    let status = try status(of: root, followsLinks: true)
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ProjectError(.io, "\(root.quotedName) is no folder")
    }
    try walk(root, path: "", FileIdentity(status), isCopied: false)
    found.sort { $0.entry.path.utf8.lexicographicallyPrecedes($1.entry.path.utf8) }
    try checkLinks()
    return found
  }

  private mutating func walk(
    _ folder: String,
    path: String,
    _ identity: FileIdentity,
    isCopied: Bool
  ) throws {
    guard !open.contains(identity) else {
      throw ProjectError(.refused, "the link \(path.quotedName) leads to a folder it lies in")
    }
    open.append(identity)
    defer { open.removeLast() }
    for name in try FolderTree.names(in: folder) where !leavesOut || !name.utf8.starts(with: [0x2e])
    {
      let inner = path.isEmpty ? name : path + "/" + name
      try take(folder + "/" + name, path: inner, isCopied: isCopied)
    }
  }

  private mutating func take(_ source: String, path: String, isCopied: Bool) throws {
    // Below a link that left the project, links are what they lead to: where they lie is not packed.
    let status = try status(of: source, followsLinks: isCopied)
    let kind = status.st_mode & S_IFMT
    guard !ignore.ignores(path, isFolder: kind == S_IFDIR) else { return }
    if let problem = EntryPath.problem(of: path) {
      throw ProjectError(.refused, "\(path.quotedName) \(problem)", hint: "rename it")
    }
    switch kind {
    case S_IFREG:
      size += Int64(status.st_size)
      guard size <= limits.unpackedBytes else {
        throw ProjectError(
          .refused,
          "the project has more than \(limits.unpackedBytes >> 20) MB, at \(path.quotedName)",
          hint: "`.digdagignore` leaves files out"
        )
      }
      try append(.file, path, source, status, isCopied)
    case S_IFDIR:
      try append(.folder, path, source, status, isCopied)
      try walk(source, path: path, FileIdentity(status), isCopied: isCopied)
    case S_IFLNK: try takeLink(source, path: path, status)
    default: throw ProjectError(.refused, "\(path.quotedName) is no file, folder or link")
    }
  }

  private mutating func takeLink(_ source: String, path: String, _ status: stat) throws {
    let target = try Self.target(of: source, path)
    if let inner = insideTarget(target, path: path, source: source) {
      return try append(.symbolicLink(to: inner), path, source, status, false)
    }
    guard copiesOutgoingLinks else {
      throw ProjectError(
        .refused,
        "\(path.quotedName) is a link to \(target.quotedName), which is outside of the project",
        hint: "`--copy-outgoing-symlinks` packs what it leads to"
      )
    }
    try take(source, path: path, isCopied: true)
  }

  /// The target as it is kept: relative; nil where the link leaves the project.
  private func insideTarget(_ target: String, path: String, source: String) -> String? {
    let base = Self.realPath(root) ?? root
    guard let real = Self.realPath(source) else {
      // It leads nowhere: what counts is whether it would lead outside.
      return target.hasPrefix("/") ? nil : target
    }
    guard real == base || real.hasPrefix(base + "/") else { return nil }
    guard target.hasPrefix("/") else { return target }
    let up = String(repeating: "../", count: path.utf8.count { $0 == 0x2f })
    let inner = real.dropFirst(base.count + 1)
    return up + (inner.isEmpty ? "." : inner)
  }

  /// The same rules as when the archive is unpacked, so that what was packed can be.
  private func checkLinks() throws {
    var tree = ArchiveTree(limits: limits)
    do {
      for item in found { _ = try tree.add(item.entry) }
      _ = try tree.links()
    } catch {
      throw ProjectError(.refused, error.message)
    }
  }

  private mutating func append(
    _ kind: ArchiveEntry.Kind,
    _ path: String,
    _ source: String,
    _ status: stat,
    _ isCopied: Bool
  ) throws {
    guard found.count < limits.entries else {
      throw ProjectError(
        .refused,
        "the project has more than \(limits.entries) files and folders",
        hint: "`.digdagignore` leaves files out"
      )
    }
    let entry = ArchiveEntry(
      path: path,
      kind: kind,
      sizeInBytes: kind == .file ? Int64(status.st_size) : 0,
      isExecutable: kind == .file && status.st_mode & 0o100 != 0
    )
    found.append(PackedItem(entry: entry, source: source, isCopied: isCopied))
  }

  private func readIgnoreRules() throws -> IgnoreRules {
    let file = root + "/" + ProjectLoader.ignoreFile
    guard FolderTree.exists(file) else { return IgnoreRules() }
    do {
      return IgnoreRules(try String(contentsOfFile: file, encoding: .utf8))
    } catch {
      throw ProjectError(.refused, "`\(ProjectLoader.ignoreFile)` cannot be read as UTF-8")
    }
  }

  private func status(of path: String, followsLinks: Bool) throws(ProjectError) -> stat {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
      throw ProjectError.system("\(path.quotedName) cannot be read")
    }
    return status
  }

  private static func target(of link: String, _ path: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: EntryPath.longestPath)
    let count = readlink(link, &buffer, buffer.count)
    let bytes = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else {
      throw ProjectError(.refused, "the target of the link \(path.quotedName) is not UTF-8")
    }
    return text
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}

/// A file or folder whatever its name.
private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t

  init(_ status: stat) {
    device = status.st_dev
    number = status.st_ino
  }
}
