import Operators
import Values
import WorkflowEngine

/// Keeps attempts from waiting for each other for ever.
///
/// What an attempt waits for is read from what its tasks saved, so circles through several processes are found too; one
/// that closes while both sides look is found at the next look.
struct RequirementCircle {
  /// Where attempts are numbered and looked up.
  struct Place {
    let project: LocalProject
    let history: AttemptHistory
  }

  /// Who wants to wait.
  let asker: AttemptIdentity
  /// The state folder in which the asker is numbered.
  let state: String
  /// The attempt that a reference means, as a task of an attempt in a project saved it.
  let referred: (ObjectValue, Place) throws -> (Place, Int64)

  /// Refuses to wait for an attempt that waits, itself or through others, for the one that asks.
  ///
  /// - Throws: `TaskFailure` `config` with the names of the workflows in the circle.
  func refuse(from first: AttemptSummary, in place: Place) throws {
    var met: Set<LocalHost.Key> = []
    var paths = [(attempt: first, place: place, names: [asker.workflowName])]
    while let (attempt, place, names) = paths.popLast() {
      let chain = names + [attempt.workflow]
      if attempt.id == asker.attemptID, place.project.state == state {
        throw TaskFailure(
          .config,
          "Dependent workflow waits for this one: "
            + chain.map { "`\($0)`" }.joined(separator: " requires ")
            + " for the same session; they would wait for ever"
        )
      }
      let key = LocalHost.Key(state: place.project.state, attempt: attempt.id)
      guard met.insert(key).inserted else { continue }
      for state in try place.history.pollStates(of: attempt.id, type: "require") {
        guard let reference = state["attempt"]?.object else { continue }
        let (next, id) = try referred(reference, place)
        if let found = try next.history.attempt(id), found.status == .running {
          paths.append((found, next, chain))
        }
      }
    }
  }
}

extension TaskFailure {
  /// A required workflow that a project does not have.
  static func missing(_ name: String, among names: [String], of project: String) -> TaskFailure {
    let bare = name.hasSuffix(".dig") ? String(name.dropLast(4)) : name
    let hint =
      names.contains(bare)
      ? "; write the name without `.dig`"
      : Suggestion.nearest(to: bare, among: names, limit: 1).first.map { "; did you mean `\($0)`?" }
        ?? ""
    return TaskFailure(
      .config,
      "Dependent workflow does not exist: `\(name)` in project `\(project)`\(hint)"
    )
  }
}
