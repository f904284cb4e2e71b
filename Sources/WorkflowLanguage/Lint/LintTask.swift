import Values

/// A task as the linter sees it: what was written, and what is in force around it.
struct LintTask {
  /// `+wf+a`, with `^sub` for what stands in a `_do`.
  let name: String
  /// The file whose tasks it belongs to, and the folder that its paths start at.
  let file: String
  let folder: String
  let entries: [YAMLEntry]
  /// The key with `>`; nil for a group.
  let operatorEntry: YAMLEntry?
  /// Every `_export` in force, the innermost last, its own included.
  let exports: [YAMLEntry]
  /// True inside of a branch, a loop or an `_error`: it may never run.
  let isConditional: Bool
  /// True for the top of a file.
  let isRoot: Bool
  /// Siblings that are written above it.
  let position: Int
  let siblingsAreParallel: Bool

  /// The name before `>`; nil for a group.
  var type: String? {
    guard let operatorEntry else { return nil }
    return operatorEntry.key == "_type"
      ? operatorEntry.value.value.string : String(operatorEntry.key.dropLast())
  }

  var signature: OperatorSignature? { type.flatMap { OperatorSignature.named($0) } }

  /// The value behind `>:`.
  var command: YAMLNode? {
    guard let operatorEntry else { return nil }
    return operatorEntry.key == "_type" ? entry("_command")?.value : operatorEntry.value
  }

  var commandPlace: SourceLocation? { command?.location ?? operatorEntry?.location }

  /// The value of the operator when it is a text that no template changes.
  var literalCommand: String? {
    command?.value.string.flatMap { $0.isEmpty || $0.contains("${") ? nil : $0 }
  }

  func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }

  /// The export of a name that the task sees; what operators store is not known.
  func export(_ name: String) -> YAMLEntry? {
    for export in exports.reversed() {
      if let found = export.value.entries?.last(where: { $0.key == name }) { return found }
    }
    return nil
  }

  /// True when the task, the exports around it, or their map of defaults have an option.
  func has(_ option: String) -> Bool {
    if entry(option) != nil || export(option) != nil { return true }
    guard let group = signature?.defaults else { return false }
    return exports.contains { export in
      export.value.entries?.contains { entry in
        entry.key == group && entry.value.entries?.contains { $0.key == option } == true
      } == true
    }
  }
}

extension YAMLNode {
  /// The entries of a task's body: of a map, or of the maps of a list one after another.
  var taskEntries: [YAMLEntry] {
    switch content {
    case .map(let entries): entries
    case .list(let items): items.flatMap { $0.entries ?? [] }
    case .scalar: []
    }
  }

  /// Every scalar below, with the key it stands under.
  func forEachScalar(under key: String = "", _ body: (String, YAMLNode) -> Void) {
    switch content {
    case .scalar: body(key, self)
    case .list(let items): for item in items { item.forEachScalar(under: key, body) }
    case .map(let entries):
      for entry in entries where !entry.isInclude {
        entry.value.forEachScalar(under: entry.key, body)
      }
    }
  }

  /// Every entry of a map below.
  func forEachEntry(_ body: (YAMLEntry) -> Void) {
    switch content {
    case .scalar: break
    case .list(let items): for item in items { item.forEachEntry(body) }
    case .map(let entries):
      for entry in entries where !entry.isInclude {
        body(entry)
        entry.value.forEachEntry(body)
      }
    }
  }
}
