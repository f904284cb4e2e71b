import Values

extension TaskTree {
  /// Reads the rest of a group: its order, its tasks, and what does not belong there.
  mutating func group(_ entries: [YAMLEntry], fullName: String, into task: inout TaskNode) {
    for entry in entries where !entry.key.hasPrefix("+") && !Self.groupKeys.contains(entry.key) {
      refuseKey(entry, of: fullName)
    }
    if let parallel = entry("_parallel", in: entries) { task.order = order(parallel) }
    if let retry = entry("_retry", in: entries), !retry.value.isNull {
      task.retry = retry.value.value
      if retry.value.value.text.contains("${") {
        warn(
          "`_retry` of a group is not evaluated: \(fullName) will not be retried",
          at: retry.location,
          hint: "write a number"
        )
      }
    }
    for entry in entries where entry.key.hasPrefix("+") {
      if let problem = NameRule.problem(ofTask: entry.key.dropFirst()) {
        refuse("task `\(fullName)\(entry.key)` \(problem)", at: entry.location, code: .name)
      }
      let child = self.task(entry.key, entry.value, under: fullName, at: entry.location)
      check(child, after: task.children, in: task.order, siblings: entries)
      task.children.append(child)
    }
  }

  /// `_parallel` of a group, which is read before anything is evaluated.
  private mutating func order(_ entry: YAMLEntry) -> TaskNode.Order {
    guard case .map(let entries) = entry.value.content else {
      return truth(of: entry) ? .parallel(limit: nil) : .sequential
    }
    for entry in entries where entry.key != "limit" {
      warn("`\(entry.key)` is no option of `_parallel` and does nothing", at: entry.location)
    }
    guard let limit = self.entry("limit", in: entries), !limit.value.isNull else {
      refuse(
        "Parameter 'limit' is required but not set",
        at: entry.location,
        hint: "write `_parallel: {limit: 2}` or `_parallel: true`"
      )
      return .parallel(limit: nil)
    }
    let value = limit.value.value
    let number =
      value.string.flatMap { Int($0.trimmingBlanks) }
      ?? value.double.flatMap { Int(exactly: $0.rounded(.towardZero)) }
    guard let number else {
      refuse(
        "Expected integer (int) type for key 'limit' but got \(value) (\(value.kind))",
        at: limit.value.location ?? limit.location,
        hint: value.text.contains("${")
          ? "`_parallel` of a group is read before templates are evaluated" : nil
      )
      return .parallel(limit: nil)
    }
    return .parallel(limit: number > 0 ? number : nil)
  }

  private mutating func check(
    _ child: TaskNode,
    after earlier: [TaskNode],
    in order: TaskNode.Order,
    siblings: [YAMLEntry]
  ) {
    let place = child.keyLocations["_after"]
    switch order {
    case .sequential:
      if place != nil, !child.isDisabled {
        refuse(
          "Setting \"_after\" option is invalid if its parent task doesn't have \"_parallel: true\" option",
          at: place,
          hint:
            "add `_parallel: true` to the group, or remove `_after`: tasks run in the order of the file"
        )
      }
    case .parallel:
      if child.isBackground {
        refuse(
          "Setting \"_background: true\" option is invalid (unnecessary) if its parent task has \"_parallel: true\" option",
          at: child.keyLocations["_background"],
          hint: "remove `_background`"
        )
      }
      for name in child.after where !earlier.contains(where: { $0.name == name }) {
        let isLater = siblings.contains { $0.key == name }
        let near = Suggestion.nearest(to: name, among: earlier.map(\.name))
        let hint =
          isLater
          ? "`_after` names tasks that are written above it"
          : near.isEmpty ? nil : "did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))"
        refuse("Dependency task '\(name)' does not exist", at: place, hint: hint)
      }
    }
  }

  private mutating func refuseKey(_ entry: YAMLEntry, of fullName: String) {
    let near = Suggestion.nearest(to: entry.key, among: Self.groupKeys)
    let guess =
      near.isEmpty ? "" : " (did you mean [\(near.map { "'\($0)'" }.joined(separator: ", "))])"
    refuse(
      "\(fullName) contains invalid keys: '\(entry.key)'\(guess)",
      at: entry.location,
      hint: hint(for: entry)
    )
  }

  /// Options of `mail>` that slip out of their task.
  static let mailKeys: Set<String> = ["subject", "to", "cc", "bcc", "body", "attach_files"]

  /// What to do about a key that a group cannot have.
  func hint(for entry: YAMLEntry) -> String? {
    switch entry.key {
    case "_env": "`_env` belongs into the operator tasks that need it"
    case "_do", "_else_do": "`\(entry.key)` belongs to an operator such as `if>` or `loop>`"
    case "_if": "use the operator `if>` with `_do`"
    case let key where Self.mailKeys.contains(key):
      "`\(key)` of a mail stands in the task of `mail>`, at the indentation of `mail>`"
    case "_enabled", "_disabled": "a task is switched off with `_disable: true`"
    case let key where OperatorNames.known.contains(key):
      "an operator is written with `>`: `\(key)>`"
    default:
      entry.value.entries?.contains { Self.isOperator($0) || $0.key.hasPrefix("+") } == true
        ? "a task is written with `+`: `+\(entry.key)`" : nil
    }
  }
}
