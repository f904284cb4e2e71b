/// What the entries of an archive make together, judged before anything of an entry is written.
struct ArchiveTree {
  enum Node: Hashable { case file, folder, link(to: String) }

  /// What an entry asks for.
  struct Step {
    let path: EntryPath
    /// Folders above it that do not exist yet, outermost first, itself included where it is one.
    let newFolders: [EntryPath]
    /// True when an entry of the same name came before, which this one replaces.
    let isRepeated: Bool
    /// The file a hard link stands for.
    let source: EntryPath?
  }

  private let limits: ArchiveLimits
  private var nodes: [EntryPath: Node] = [:]
  private var entries = 0

  init(limits: ArchiveLimits) { self.limits = limits }

  /// Takes an entry in.
  ///
  /// - Returns: nil for the root itself, which needs nothing.
  /// - Throws: ``ProjectError`` `badArchive` that names the entry.
  mutating func add(_ entry: ArchiveEntry) throws(ProjectError) -> Step? {
    let shown = entry.path.quotedName
    entries += 1
    try checkCount(shown)
    let path = try EntryPath(entry.path)
    let (node, source) = try node(for: entry, at: path)
    if path.isRoot {
      guard node == .folder else {
        throw ProjectError(.badArchive, "the entry \(shown) takes the place of the whole project")
      }
      return nil
    }
    var folders = try missingFolders(above: path, shown)
    let former = nodes[path]
    if let former, !former.isSameKind(as: node) {
      throw ProjectError(.badArchive, "the entry \(shown) is there twice, as different things")
    }
    if node == .folder, former == nil { folders.append(path) }
    nodes[path] = node
    for folder in folders { nodes[folder] = .folder }
    try checkCount(shown)
    return Step(path: path, newFolders: folders, isRepeated: former != nil, source: source)
  }

  private func checkCount(_ shown: String) throws(ProjectError) {
    guard max(entries, nodes.count) <= limits.entries else {
      throw ProjectError(
        .badArchive,
        "the archive has more than \(limits.entries) entries, at \(shown)"
      )
    }
  }

  private func node(
    for entry: ArchiveEntry,
    at path: EntryPath
  ) throws(ProjectError) -> (Node, EntryPath?) {
    switch entry.kind {
    case .file: return (.file, nil)
    case .folder: return (.folder, nil)
    case .symbolicLink(let target): return (.link(to: target), nil)
    case .hardLink(let target):
      guard EntryPath.problem(of: target) == nil, case let source = try EntryPath(target),
        nodes[source] == .file, source != path
      else {
        throw ProjectError(
          .badArchive,
          "the entry \(entry.path.quotedName) is a hard link to \(target.quotedName), which is no file of the archive before it"
        )
      }
      return (.file, source)
    case .special(let what):
      throw ProjectError(.badArchive, "the entry \(entry.path.quotedName) is \(what)")
    }
  }

  private func missingFolders(
    above path: EntryPath,
    _ shown: String
  ) throws(ProjectError) -> [EntryPath] {
    var missing: [EntryPath] = []
    var folder = path.parent
    while !folder.isRoot {
      switch nodes[folder] {
      case .folder: return missing.reversed()
      case .link, .file:
        throw ProjectError(
          .badArchive,
          "the entry \(shown) lies below \(folder.text.quotedName), which is no folder"
        )
      case nil: missing.append(folder)
      }
      folder = folder.parent
    }
    return missing.reversed()
  }

  /// The links by their paths, every one of which stays inside when all of them exist.
  ///
  /// - Throws: ``ProjectError`` `badArchive` that names the link that leaves or leads in a circle.
  func links() throws(ProjectError) -> [(path: EntryPath, target: String)] {
    var budget = LinkWalk.budget
    var links: [(path: EntryPath, target: String)] = []
    for case (let path, .link(let target)) in nodes { links.append((path, target)) }
    links.sort { $0.path < $1.path }
    for (path, target) in links {
      var walk = LinkWalk(nodes: nodes, budget: budget)
      if let problem = walk.problem(from: path.parent, target) {
        throw ProjectError(
          .badArchive,
          "the entry \(path.text.quotedName) is a link to \(target.quotedName), which \(problem)"
        )
      }
      budget = walk.budget
    }
    return links
  }
}

extension ArchiveTree.Node {
  fileprivate func isSameKind(as other: Self) -> Bool {
    switch (self, other) {
    case (.file, .file), (.folder, .folder), (.link, .link): true
    case (.file, _), (.folder, _), (.link, _): false
    }
  }
}

/// Follows a link through other links, as the kernel would, on the entries alone.
private struct LinkWalk {
  /// Steps for all links of an archive together: links through links can be written so that their number explodes.
  static let budget = 500_000
  /// As many as Linux follows.
  static let mostLinks = 40

  let nodes: [EntryPath: ArchiveTree.Node]
  var budget: Int

  mutating func problem(from folder: EntryPath, _ target: String) -> String? {
    var place = folder
    var followed = 0
    guard var rest = Self.pending(target) else { return Self.cannotBe }
    while let name = rest.popLast() {
      budget -= 1
      guard budget > 0 else { return "leads through too many other links" }
      if name.elementsEqual("..".utf8) {
        guard !place.isRoot else { return "leaves the project" }
        place = place.parent
        continue
      }
      let next = place.appending(name)
      guard case .link(let target) = nodes[next] else {
        place = next
        continue
      }
      followed += 1
      guard followed < Self.mostLinks else { return "leads in a circle" }
      guard let more = Self.pending(target) else { return Self.cannotBe }
      rest += more
    }
    return nil
  }

  private static let cannotBe = "leaves the project or is no path"

  /// The names of a target, the next one last; nil for one that cannot be in a project.
  private static func pending(_ target: String) -> [ArraySlice<UInt8>]? {
    guard let first = target.utf8.first, first != 0x2f,
      target.utf8.count <= EntryPath.longestPath, !target.utf8.contains(0x5c),
      !target.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return EntryPath.names(target).reversed()
  }
}
