import Values

/// What a new attempt takes over from an earlier one of its session.
public enum ResumePlan {
  /// Takes over every task that succeeded.
  ///
  /// - Throws: ``EngineError`` `refused` for an attempt that succeeded or still runs.
  public static func failed(of attempt: AttemptSummary) throws(EngineError) -> ResumeRule {
    try check(attempt)
    return ResumeRule(attempt: attempt.id)
  }

  /// Takes over what stands before a task; the task itself and all that follows runs.
  ///
  /// "Before" is the order of the file, in which what a task generated stands behind it. In parallel groups too, all tasks
  /// before it must have succeeded.
  /// - Parameters:
  ///   - name: the end of exactly one full name.
  ///   - attempt: the earlier attempt.
  ///   - tasks: its tasks.
  /// - Returns: the rule that names what runs again.
  /// - Throws: ``EngineError`` `refused` with what keeps it from being done.
  public static func from(
    _ name: String,
    of attempt: AttemptSummary,
    tasks: [TaskSummary]
  ) throws(EngineError) -> ResumeRule {
    try check(attempt)
    let order = inOrder(tasks)
    let first = try match(name, order)
    guard let start = order.firstIndex(where: { $0.id == first.id }) else {
      throw EngineError(.unreadable, "task \(first.fullName) is not below the root")
    }
    let open = order[..<start].filter {
      $0.state != .success && !isAbove($0.fullName, first.fullName) && !isReaction($0.fullName)
    }
    guard open.isEmpty else {
      let names = open.prefix(5).map { "`\($0.fullName)` (\($0.state.rawValue))" }
      throw EngineError(
        .refused,
        "`\(first.fullName)` cannot be resumed from: what stands before it has not succeeded: "
          + names.joined(separator: ", ") + (open.count > 5 ? " and \(open.count - 5) more" : "")
      )
    }
    return ResumeRule(
      attempt: attempt.id,
      runningAgain: Set(order[start...].map(\.fullName).filter { !isAbove($0, first.fullName) })
    )
  }

  private static func check(_ attempt: AttemptSummary) throws(EngineError) {
    switch attempt.status {
    case .error, .killed: return
    case .running:
      throw EngineError(.refused, "attempt \(attempt.id) is running: it cannot be resumed")
    case .success:
      throw EngineError(
        .refused,
        "attempt \(attempt.id) succeeded: there is nothing to resume; a retry of everything is possible"
      )
    }
  }

  /// The newest task of each full name, as the file has them: each in front of what is below it.
  private static func inOrder(_ tasks: [TaskSummary]) -> [TaskSummary] {
    var newest: [String: TaskSummary] = [:]
    var places: [String: TaskID] = [:]
    for task in tasks {
      newest[task.fullName] = task
      places[task.fullName] = places[task.fullName] ?? task.id
    }
    let names = Dictionary(tasks.map { ($0.id, $0.fullName) }) { first, _ in first }
    var children: [String: [TaskSummary]] = [:]
    for task in newest.values.sorted(by: { places[$0.fullName] ?? 0 < places[$1.fullName] ?? 0 }) {
      children[task.parent.flatMap { names[$0] } ?? "", default: []].append(task)
    }
    var order: [TaskSummary] = []
    var open = children[""] ?? []
    while let next = open.popLast() {
      order.append(next)
      open += (children[next.fullName] ?? []).reversed()
    }
    return order
  }

  private static func match(
    _ text: String,
    _ tasks: [TaskSummary]
  ) throws(EngineError) -> TaskSummary {
    let wanted = text.hasPrefix("+") || text.hasPrefix("^") ? text : "+" + text
    let found = tasks.filter { $0.parent != nil && $0.fullName.hasSuffix(wanted) }
    guard let task = found.first else {
      if tasks.contains(where: { $0.parent == nil && $0.fullName.hasSuffix(wanted) }) {
        throw EngineError(.refused, "`\(wanted)` is the whole workflow: a retry of all runs it")
      }
      let names = tasks.filter { $0.parent != nil }.map(\.fullName)
      let ends = names.compactMap { $0.split(separator: "+").last.map { "+" + $0 } }
      let near = Suggestion.nearest(to: wanted, among: ends + names, limit: 1).first
      throw EngineError(
        .refused,
        "no task of the attempt is named `\(wanted)`"
          + (near.map { "; did you mean `\($0)`?" } ?? "")
      )
    }
    guard found.count == 1 else {
      let names = found.prefix(5).map { "`\($0.fullName)`" }.joined(separator: ", ")
      throw EngineError(
        .refused,
        "`\(wanted)` fits several tasks: \(names); write more of the name"
      )
    }
    return task
  }

  private static func isAbove(_ name: String, _ task: String) -> Bool {
    guard task.hasPrefix(name), task.count > name.count else { return false }
    return "+^".contains(task[task.index(task.startIndex, offsetBy: name.count)])
  }

  /// What ran because of a failure or a time limit does not stand in the file.
  private static func isReaction(_ name: String) -> Bool {
    ["^error", "^failure-alert", "^sla"].contains { name.contains($0) }
  }
}
