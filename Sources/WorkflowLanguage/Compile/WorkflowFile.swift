import Values

/// Compiles the top of a workflow file.
struct WorkflowFile {
  let name: String
  /// Relative to the project folder.
  let file: String
  let root: YAMLNode

  private static let keys = [
    "timezone", "_export", "schedule", "sla", "_error", "_check", "_retry", "_parallel",
  ]
  /// Keys that `call>` does not look at.
  private static let ignoredWhenCalled: Set<String> = ["timezone", "schedule", "sla"]

  /// The definition, or nil where something is wrong; problems and warnings are in the tree.
  func definition(_ tree: inout TaskTree) -> WorkflowDefinition? {
    let entries = root.entries ?? []
    var (timezone, schedule, sla) = ("UTC", ObjectValue?.none, ObjectValue?.none)
    for entry in entries {
      switch entry.key {
      case "timezone": timezone = zone(entry, &tree)
      case "schedule": schedule = settings(entry, &tree)
      case "sla": sla = settings(entry, &tree)
      default: break
      }
    }
    if let schedule, TimeZoneName.isKnown(timezone) {
      check(schedule, timezone: timezone, in: entries, &tree)
    }
    let task = rootTask("+\(name)", &tree)
    if task.children.isEmpty, tree.problems.isEmpty {
      tree.warn(
        "workflow `\(name)` has no tasks",
        at: root.location,
        hint: "a task is a key that begins with `+`"
      )
    }
    guard tree.problems.isEmpty else { return nil }
    return WorkflowDefinition(
      name: name,
      file: file,
      timezone: timezone,
      schedule: schedule,
      sla: sla,
      root: task
    )
  }

  /// The file as a group of tasks, without its time zone, schedule and sla.
  func rootTask(_ taskName: String, _ tree: inout TaskTree) -> TaskNode {
    let entries = root.entries ?? []
    var known: [YAMLEntry] = []
    for entry in entries {
      if entry.key.hasPrefix("+") || Self.keys.contains(entry.key) {
        if !Self.ignoredWhenCalled.contains(entry.key) { known.append(entry) }
      } else {
        refuse(entry, &tree)
      }
    }
    let start = SourceLocation(file: file, line: 1, column: 1)
    let body = YAMLNode(.map(known), at: root.location ?? start)
    return tree.task(taskName, body, under: "", at: root.location ?? start)
  }

  private func refuse(_ entry: YAMLEntry, _ tree: inout TaskTree) {
    let near = Suggestion.nearest(to: entry.key, among: Self.keys)
    let hint: String? =
      if entry.key.hasSuffix(">") || entry.key == "_type" {
        "an operator cannot stand at the top of a file: put it under a task, `+\(entry.key.filter { $0.isLetter || $0.isNumber || $0 == "_" }):`"
      } else if TaskTree.mailKeys.contains(entry.key) {
        "`\(entry.key)` of a mail stands in the task of `mail>`; parameters belong under `_export`"
      } else if !near.isEmpty {
        "did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))"
      } else if ["_env", "_do", "_secrets", "_background", "_after", "_disable"].contains(entry.key)
      {
        "`\(entry.key)` belongs into a task"
      } else if entry.value.entries?.contains(where: {
        TaskTree.isOperator($0) || $0.key.hasPrefix("+")
      }) == true {
        "a task is written with `+`: `+\(entry.key)`"
      } else {
        "parameters belong under `_export`"
      }
    tree.refuse(
      "Workflow '\(name)' includes unknown keys: [\(entry.key)]",
      at: entry.location,
      hint: hint
    )
  }

  private func zone(_ entry: YAMLEntry, _ tree: inout TaskTree) -> String {
    let value = entry.value.value
    let place = entry.value.location ?? entry.location
    if value.isNull { return "UTC" }
    guard let name = value.string else {
      tree.refuse(
        "expected the name of a time zone for `timezone`, found the \(value.kind) `\(value)`",
        at: place,
        hint: "quote an offset: `'+07:00'`",
        code: .timezone
      )
      return "UTC"
    }
    if !TimeZoneName.isKnown(name) {
      tree.refuse(
        "unknown time zone `\(name)`",
        at: place,
        hint: TimeZoneName.hint(for: name),
        code: .timezone
      )
    }
    return name
  }

  /// Refuses a schedule that could never be followed, at the key that its problem names.
  private func check(
    _ schedule: ObjectValue,
    timezone: String,
    in entries: [YAMLEntry],
    _ tree: inout TaskTree
  ) {
    do {
      _ = try Schedule(schedule, timezone: timezone)
    } catch {
      let written = entries.first { $0.key == "schedule" }
      let keys = written?.value.entries ?? []
      let named = keys.first { error.message.contains("'\($0.key)'") }?.location
      let kind = keys.first { $0.key.hasSuffix(">") }?.value.location
      tree.refuse(
        error.message,
        at: named ?? kind ?? written?.location,
        hint: error.hint,
        code: error.code
      )
    }
  }

  private func settings(_ entry: YAMLEntry, _ tree: inout TaskTree) -> ObjectValue? {
    if entry.value.isNull {
      tree.warn("`\(entry.key)` is empty and does nothing", at: entry.location)
      return nil
    }
    guard let object = entry.value.value.object else {
      let example = entry.key == "schedule" ? "daily>: 07:00:00" : "time: 08:00"
      tree.refuse(
        "Parameter '\(entry.key)' must be an object",
        at: entry.value.location ?? entry.location,
        hint: "write `\(example)` on a line of its own below `\(entry.key):`",
        code: entry.key == "schedule" ? .schedule : .structure
      )
      return nil
    }
    return object
  }
}
