import Values

extension TaskTree {
  /// Keys that become properties of the task and leave its local keys.
  private static let taken: Set<String> = [
    "_export", "_secrets", "_background", "_after", "_error", "_check", "_disable",
  ]

  /// Reads the rest of an operator task: `_type` and `_command` stand where the operator key was.
  mutating func operation(_ entries: [YAMLEntry], fullName: String, into task: inout TaskNode) {
    let operators = entries.filter(Self.isOperator)
    if operators.count > 1 {
      let names = operators.map { "`\($0.key)`" }.joined(separator: ", ")
      refuse(
        "A task can't have more than one operator: \(fullName) has \(names)",
        at: operators[1].location,
        hint: "give each operator a task of its own"
      )
    }
    for entry in entries where entry.key.hasPrefix("+") {
      refuse(
        "A task can't have subtasks: \(fullName) has `\(operators[0].key)` and `\(entry.key)`",
        at: entry.location,
        hint: "move `\(operators[0].key)` into a `+task` of its own beside `\(entry.key)`"
      )
    }
    for entry in entries where !Self.taken.contains(entry.key) && !entry.key.hasPrefix("+") {
      if entry.key == operators[0].key {
        command(entry, in: entries, into: &task)
      } else if !Self.isOperator(entry) {
        task.config[entry.key] = entry.value.value
        if entry.key == "_do" || entry.key == "_else_do" { keep(places: entry, in: &task) }
      }
    }
    inspect(entries, operatorEntry: operators[0], in: task)
  }

  private mutating func command(
    _ entry: YAMLEntry,
    in entries: [YAMLEntry],
    into task: inout TaskNode
  ) {
    let type: String
    if entry.key == "_type" {
      guard let text = entry.value.value.string, !text.isEmpty else {
        refuse(
          "Expected string type for key '_type' but got \(entry.value.value)",
          at: entry.value.location
        )
        return
      }
      type = text
    } else {
      type = String(entry.key.dropLast())
      task.config["_type"] = .string(type)
      task.config["_command"] = entry.value.value
      task.keyLocations["_type"] = entry.location
      task.keyLocations["_command"] = entry.value.location
      if type.isEmpty { refuse("`>` has no operator name before it", at: entry.location) }
    }
    if entry.key == "_type" { task.config["_type"] = .string(type) }
    task.kind = .operation(type: type)
  }

  /// Warns of what is accepted and surely not meant.
  private mutating func inspect(_ entries: [YAMLEntry], operatorEntry: YAMLEntry, in task: TaskNode)
  {
    guard case .operation(let type) = task.kind else { return }
    let near = OperatorNames.nearest(to: type)
    if !near.isEmpty {
      warn(
        "unknown operator `\(type)>`",
        at: operatorEntry.location,
        hint: "did you mean \(near.map { "`\($0)>`" }.joined(separator: ", "))"
      )
    }
    for entry in entries {
      if let meant = OperatorNames.option(meantBy: entry.key, of: type) {
        warn(
          "`\(entry.key)` is no option of `\(type)>` and does nothing",
          at: entry.location,
          hint: "did you mean `\(meant)`"
        )
      } else if let meant = OperatorNames.misspelt(entry.key, of: type),
        self.entry(meant, in: entries) == nil
      {
        warn(
          "`\(entry.key)` is no option of `\(type)>`",
          at: entry.location,
          hint: "did you mean `\(meant)`"
        )
      }
      if entry.value.isPlain, let text = entry.value.value.string, Self.isCutOff(text) {
        warn(
          "the template in `\(text)` is not closed",
          at: entry.value.location,
          hint: "an unquoted value ends at ` #`; quote it"
        )
      }
    }
  }

  /// True where the last `${` has no `}` behind it.
  private static func isCutOff(_ text: String) -> Bool {
    guard let dollar = text.lastIndex(of: "$"), text[dollar...].hasPrefix("${") else {
      return false
    }
    return !text[dollar...].contains("}")
  }
}
