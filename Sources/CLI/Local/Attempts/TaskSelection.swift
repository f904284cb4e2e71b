import Values
import WorkflowEngine

/// Which tasks run although they succeeded before.
struct TaskSelection {
  private enum Rule {
    case none
    case all
    /// A task, those below it, and all that follow in the file.
    case from(name: String, following: Set<String>)
    case only(name: String, id: TaskID)
  }

  private let rule: Rule

  /// - Throws: ``CommandFailure`` `usage` when a name does not match the end of exactly one task.
  init(_ repetition: RunRequest.Repetition, in tree: TaskTree) throws(CommandFailure) {
    switch repetition {
    case .none: rule = .none
    case .all: rule = .all
    case .only(let text):
      let goal = try Self.match(text, tree)
      rule = .only(name: goal.fullName, id: goal.id)
    case .from(let text):
      let first = try Self.match(text, tree)
      let following = tree.entries.filter { $0.id > first.id }.map(\.fullName)
      rule = .from(name: first.fullName, following: Set(following))
    }
  }

  /// The task that nothing is run beyond.
  var goal: TaskID? {
    if case .only(_, let id) = rule { id } else { nil }
  }

  /// What is taken over from an earlier attempt; nil when everything runs.
  func resuming(_ attempt: Int64) -> ResumeRule? {
    switch rule {
    case .none: ResumeRule(attempt: attempt)
    case .all: nil
    case .only(let name, _): ResumeRule(attempt: attempt, runningAgain: [name])
    case .from(let name, let following):
      ResumeRule(attempt: attempt, runningAgain: following.union([name]))
    }
  }

  private static func match(_ text: String, _ tree: TaskTree) throws(CommandFailure) -> TaskEntry {
    let wanted = text.hasPrefix("+") ? text : "+" + text
    let found = tree.entries.filter { $0.id != TaskTree.rootID && $0.fullName.hasSuffix(wanted) }
    guard let task = found.first else {
      let names = tree.entries.filter { $0.id != TaskTree.rootID }.map(\.fullName)
      let ends = names.compactMap { $0.split(separator: "+").last.map { "+" + $0 } }
      let near = Suggestion.nearest(to: wanted, among: ends + names, limit: 1)
      throw CommandFailure(
        .usage,
        "no task is named `\(wanted)`",
        hint: near.first.map { "did you mean `\($0)`?" }
          ?? "the first tasks are \(names.prefix(5).map { "`\($0)`" }.joined(separator: ", "))"
      )
    }
    guard found.count == 1 else {
      let names = found.prefix(5).map { "`\($0.fullName)`" }.joined(separator: ", ")
      throw CommandFailure(
        .usage,
        "`\(wanted)` fits several tasks: \(names)",
        hint: "write more of the name"
      )
    }
    return task
  }
}
