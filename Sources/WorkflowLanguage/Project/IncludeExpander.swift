import Values

/// Puts the files that `!include` names in place of it.
struct IncludeExpander {
  private let folder: ProjectFolder
  /// Files that were composed, nil for those that could not be.
  private var composed: [String: YAMLNode?] = [:]
  private var nodes = 0
  private(set) var problems: [WorkflowError] = []

  init(folder: ProjectFolder) { self.folder = folder }

  /// The tree of a file of the project with everything included; nil when the file cannot be read at all.
  ///
  /// Problems of the file and of what it includes are collected.
  mutating func load(_ file: String, bytes: [UInt8]) -> YAMLNode? {
    nodes = 0
    return compose(file, bytes: bytes).map { expand($0, from: [file], depth: 0) }
  }

  /// Hands over what was collected, and forgets it.
  mutating func takeProblems() -> [WorkflowError] {
    defer { problems = [] }
    return problems
  }

  private mutating func compose(
    _ file: String,
    bytes: [UInt8],
    mayBeEmpty: Bool = false
  )
    -> YAMLNode?
  {
    let text: String
    do {
      text = try YAMLText.decode(bytes, file: file)
    } catch {
      problems.append(error)
      return nil
    }
    let start = SourceLocation(file: file, line: 1, column: 1)
    let (root, found) = YAMLDocument.compose(text: text, file: file)
    problems += found
    guard let root else {
      guard found.isEmpty else { return nil }
      if mayBeEmpty { return YAMLNode(.map([]), at: start) }
      problems.append(noMap("null", at: start))
      return nil
    }
    guard root.entries != nil else {
      problems.append(noMap(root.value.kind, at: root.location))
      return nil
    }
    return root
  }

  private func noMap(_ found: String, at place: SourceLocation?) -> WorkflowError {
    WorkflowError(
      .yaml,
      "Expected object to load Config but got \(found)",
      at: place,
      hint: "the top of the file is a map: `key: value` lines"
    )
  }

  private mutating func expand(_ node: YAMLNode, from stack: [String], depth: Int) -> YAMLNode {
    guard node.hasInclude else { return node }
    switch node.content {
    case .scalar: return node
    case .list(let items):
      var expanded: [YAMLNode] = []
      for item in items { expanded.append(expand(item, from: stack, depth: depth + 1)) }
      return YAMLNode(.list(expanded), at: node.location)
    case .map(let entries):
      var merged = MergedEntries()
      for entry in entries {
        if entry.isInclude {
          for included in follow(entry, from: stack, depth: depth) { merged.merge(included) }
        } else {
          let value = expand(entry.value, from: stack, depth: depth + 1)
          merged.set(YAMLEntry(key: entry.key, location: entry.location, value: value))
        }
      }
      return YAMLNode(.map(merged.entries), at: node.location)
    }
  }

  private mutating func follow(_ entry: YAMLEntry, from stack: [String], depth: Int) -> [YAMLEntry]
  {
    let place = entry.value.location
    do throws(WorkflowError) {
      let path = try path(of: entry, from: stack)
      if let start = stack.firstIndex(of: path) {
        let circle = (stack[start...] + [path]).map { "`\($0)`" }.joined(separator: " → ")
        throw WorkflowError(.include, "files include each other in a circle: \(circle)", at: place)
      }
      guard let root = try included(path, at: place) else { return [] }
      if nodes > YAMLComposer.maximumNodes { return [] }
      nodes += root.size
      guard nodes <= YAMLComposer.maximumNodes, depth + root.height < YAMLComposer.maximumDepth
      else {
        throw WorkflowError(
          .include,
          "`\(path)` makes the file too large or too deep once it is included",
          at: place
        )
      }
      return expand(root, from: stack + [path], depth: depth).entries ?? []
    } catch {
      problems.append(error)
      return []
    }
  }

  /// The path of the included file from the root of the project.
  private func path(of entry: YAMLEntry, from stack: [String]) throws(WorkflowError) -> String {
    let place = entry.value.location
    guard case .scalar(.string(let written)) = entry.value.content, !written.isEmpty else {
      throw WorkflowError(
        .include,
        "`!include` needs the path of a file, found \(entry.value.value)",
        at: place ?? entry.location,
        hint: "write `!include : path/to/file.yaml`"
      )
    }
    if written.contains("${") {
      throw WorkflowError(
        .include,
        "the path of an `!include` is no template: `\(written)`",
        at: place,
        hint: "files are included when the project is loaded, before parameters have values"
      )
    }
    guard let below = ProjectPath.normalize(written), !below.isEmpty else {
      throw WorkflowError(
        .include,
        "File name must not include ..: \(written)",
        at: place,
        hint: "the path starts at the folder of the file that includes and stays below it"
      )
    }
    return ProjectPath.join(ProjectPath.split(stack.last ?? "").folder, below)
  }

  private mutating func included(
    _ path: String,
    at place: SourceLocation?
  ) throws(WorkflowError) -> YAMLNode? {
    if let known = composed[path] { return known }
    let bytes: [UInt8]
    do {
      bytes = try folder.read(path)
    } catch {
      throw WorkflowError(.include, error.message, at: place, hint: error.hint, cause: error)
    }
    let root = compose(path, bytes: bytes, mayBeEmpty: true)
    composed[path] = .some(root)
    return root
  }
}

/// The entries of a map while includes are merged into it.
private struct MergedEntries {
  private(set) var entries: [YAMLEntry] = []
  private var positions: [String: Int] = [:]

  /// An entry of the file itself replaces what is there.
  mutating func set(_ entry: YAMLEntry) {
    if let position = positions[entry.key] {
      entries[position] = entry
    } else {
      positions[entry.key] = entries.count
      entries.append(entry)
    }
  }

  /// An included entry replaces too, but a map that meets a map is merged into it.
  mutating func merge(_ entry: YAMLEntry) {
    guard let position = positions[entry.key], let ours = entries[position].value.entries,
      let theirs = entry.value.entries
    else { return set(entry) }
    var inner = MergedEntries()
    for entry in ours { inner.set(entry) }
    for entry in theirs { inner.merge(entry) }
    entries[position] = YAMLEntry(
      key: entry.key,
      location: entries[position].location,
      value: YAMLNode(.map(inner.entries), at: entries[position].value.location)
    )
  }
}
