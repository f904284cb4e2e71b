import Values

/// Compiles nodes of a file into tasks and collects what is wrong with them.
///
/// Functions go on after a problem with the most sensible reading, so that one pass finds all problems.
struct TaskTree {
  private(set) var problems: [WorkflowError] = []
  private(set) var warnings: [Diagnostic] = []

  /// The keys a group may have beside its tasks.
  static let groupKeys = [
    "timezone", "schedule", "sla", "_parallel", "_background", "_after", "_error", "_check",
    "_retry",
    "_export", "_secrets", "_disable",
  ]

  /// Compiles a task and everything below it.
  ///
  /// - Parameters:
  ///   - name: with its sign.
  ///   - body: a map, or a list of maps.
  ///   - parent: the full name of the task above; empty for the root.
  ///   - location: where the name was written.
  /// - Returns: the task, as far as it could be read.
  mutating func task(
    _ name: String,
    _ body: YAMLNode,
    under parent: String,
    at location: SourceLocation?
  ) -> TaskNode {
    let fullName = parent + name
    guard let entries = entries(of: body, name: name, at: location) else {
      return TaskNode(name: name, location: location)
    }
    if let disabled = entry("_disable", in: entries), truth(of: disabled) {
      return TaskNode(name: name, isDisabled: true, location: location)
    }
    var task = TaskNode(name: name, location: location)
    for entry in entries { task.keyLocations[entry.key] = entry.location }
    shared(entries, fullName: fullName, into: &task)
    if entries.contains(where: Self.isOperator) {
      operation(entries, fullName: fullName, into: &task)
    } else {
      group(entries, fullName: fullName, into: &task)
    }
    return task
  }

  mutating func refuse(
    _ message: String,
    at location: SourceLocation?,
    hint: String? = nil,
    code: WorkflowError.Code = .structure
  ) {
    problems.append(WorkflowError(code, message, at: location, hint: hint))
  }

  mutating func warn(_ message: String, at location: SourceLocation?, hint: String? = nil) {
    warnings.append(Diagnostic(.warning, message, at: location, hint: hint))
  }

  /// The entries of a task's body: of a map, or of the maps of a list one after another.
  private mutating func entries(
    of body: YAMLNode,
    name: String,
    at location: SourceLocation?
  ) -> [YAMLEntry]? {
    let expected = "Parameter '\(name)' must be an object or array of objects"
    switch body.content {
    case .map(let entries): return entries
    case .scalar:
      let hint = body.isNull ? "a task without content is written `\(name): {}`" : nil
      refuse(expected, at: body.isNull ? location : body.location, hint: hint)
      return nil
    case .list(let items):
      var joined: [YAMLEntry] = []
      for item in items {
        guard let entries = item.entries else {
          refuse(expected, at: item.location)
          continue
        }
        for entry in entries {
          guard let position = joined.firstIndex(where: { $0.key == entry.key }) else {
            joined.append(entry)
            continue
          }
          warn(
            "`\(entry.key)` replaces the one at \(joined[position].location.map(\.description) ?? "an earlier item")",
            at: entry.location
          )
          joined[position] = entry
        }
      }
      return joined
    }
  }

  /// Reads the keys that operator tasks and groups have in common.
  private mutating func shared(_ entries: [YAMLEntry], fullName: String, into task: inout TaskNode)
  {
    for entry in entries {
      switch entry.key {
      case "_export": task.export = object(entry)
      case "_secrets": task.secrets = object(entry)
      case "_background": task.isBackground = truth(of: entry)
      case "_after": task.after = after(entry)
      case "_error": task.error = errorTasks(entry, fullName: fullName)
      case "_check" where !entry.value.isNull:
        task.check = entry.value.value
        keep(places: entry, in: &task)
      default: break
      }
    }
  }

  /// `_error`, compiled early because it runs when it is too late to complain.
  mutating func errorTasks(_ entry: YAMLEntry, fullName: String) -> [TaskNode] {
    if entry.value.isNull { return [] }
    guard let entries = entry.value.entries else {
      refuse("Parameter '_error' must be an object", at: entry.value.location ?? entry.location)
      return []
    }
    return entries.isEmpty ? [] : [task("^error", entry.value, under: fullName, at: entry.location)]
  }

  /// Remembers the places inside of a value that is compiled later.
  func keep(places entry: YAMLEntry, in task: inout TaskNode) {
    for (path, place) in entry.value.places(under: entry.key + "/") {
      task.keyLocations[path] = place
    }
  }

  /// The map of an entry; nothing counts as an empty one.
  mutating func object(_ entry: YAMLEntry) -> ObjectValue {
    if entry.value.isNull { return ObjectValue() }
    guard let object = entry.value.value.object else {
      refuse(
        "Parameter '\(entry.key)' must be an object",
        at: entry.value.location ?? entry.location,
        hint: "write `key: value` lines below `\(entry.key):`"
      )
      return ObjectValue()
    }
    return object
  }

  /// A boolean of the file, with the coercions that text and numbers have.
  mutating func truth(of entry: YAMLEntry) -> Bool {
    let value = entry.value.value
    switch value {
    case .bool(let truth): return truth
    case .int(let number): return number != 0
    case .null: return false
    case .string(let text):
      switch text.trimmingBlanks {
      case "true", "True": return true
      case "false", "False", "", "null": return false
      default: break
      }
    case .double, .array, .object: break
    }
    refuse(
      "Expected 'true' or 'false' for key '\(entry.key)' but got \(value) (\(value.kind))",
      at: entry.value.location ?? entry.location,
      hint: value.text.contains("${")
        ? "`\(entry.key)` is read before templates are evaluated" : nil
    )
    return false
  }

  private mutating func after(_ entry: YAMLEntry) -> [String] {
    if entry.value.isNull { return [] }
    let value = entry.value.value
    guard let names = value.array?.map({ $0.string }), !names.contains(nil) else {
      refuse(
        "Expected array of task names for key '_after' but got \(value)",
        at: entry.value.location ?? entry.location,
        hint: "write `_after: [+task]`"
      )
      return []
    }
    return names.compactMap { $0 }
  }

  func entry(_ key: String, in entries: [YAMLEntry]) -> YAMLEntry? {
    entries.first { $0.key == key }
  }

  static func isOperator(_ entry: YAMLEntry) -> Bool {
    entry.key == "_type" || entry.key.hasSuffix(">")
  }
}

extension String {
  /// Without the blanks and line ends around it.
  var trimmingBlanks: String {
    let body = drop { $0.isWhitespace }
    return String(body.prefix(body.count - body.reversed().prefix { $0.isWhitespace }.count))
  }
}
