import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// What is said before the first and after the last task of a run.
struct RunSummary {
  let voice: AttemptVoice
  let request: RunRequest
  let opening: SessionOpening
  let start: AttemptStart
  /// False where nobody reads it in a terminal, as on a server.
  var namesCommands = true

  private var attempt: Int64 { start.claim.attempt }

  func begin() {
    let workflow = request.definition.name
    voice.note(
      .info,
      "workflow \(workflow), session \(opening.time.text), attempt \(attempt)\(request.isDryRun ? " (dry run)" : "")"
    )
    for line in start.notes { voice.note(.warning, line) }
    if start.isContinued {
      let tasks = start.machine.tree.entries.filter { $0.operatorType != nil }
      let done = tasks.count { $0.state.isDone }
      voice.note(
        .info,
        "the attempt goes on where it was cut off: \(done) of \(tasks.count) known tasks are done"
      )
    }
    let taken = start.taken
    if taken > 0 {
      voice.note(
        .info,
        "\(taken) task\(taken == 1 ? "" : "s") of this session succeeded before and will not run again"
          + (namesCommands ? " (--rerun runs them)" : "")
      )
    }
  }

  func end(_ status: AttemptStatus, tree: TaskTree, seconds: Double) {
    let time = String(format: "%.1f s", seconds)
    let done = tree.entries.count {
      $0.operatorType != nil && $0.state == .success && !$0.isResumed
    }
    switch status {
    case .success: voice.note(.info, "success: \(done) task\(done == 1 ? "" : "s") in \(time)")
    case .killed: voice.note(.error, "killed after \(time)")
    case .running: voice.note(.info, "left as it stands after \(time), to go on later")
    case .error:
      voice.note(.error, "failed after \(time):")
      for entry in tree.entries {
        guard let error = entry.error, entry.state == .error || entry.state == .groupError else {
          continue
        }
        voice.note(.error, "  * \(entry.fullName): \(error.message)")
      }
      guard namesCommands else { return }
      voice.note(.info, "log: tadoru log \(attempt) --project '\(opening.directory)'")
      guard request.showsNextStep else { return }
      voice.note(
        .info,
        "go on from here: tadoru run \(request.definition.name) --session '\(opening.time.text)' --project '\(opening.directory)'"
      )
    }
  }

  func report(
    _ status: AttemptStatus,
    tree: TaskTree,
    identity: AttemptIdentity,
    began: Double,
    ended: Double
  ) -> AttemptReport {
    let outcome: AttemptReport.Status =
      switch status {
      case .success: .success
      case .killed: .killed
      case .error, .running: .error
      }
    var report = AttemptReport(status: outcome)
    report.tree = tree
    report.session = [
      "id": .int(identity.sessionID), "uuid": .string(opening.session.uuid),
      "project": .string(identity.projectName), "workflow": .string(identity.workflowName),
      "time": .string(identity.sessionTime), "unixtime": .int(identity.sessionUnixTime),
      "timezone": .string(identity.timezone),
    ]
    report.attempt = [
      "id": .int(attempt), "status": .string(status.rawValue),
      "params": .object(start.parameters),
      "started_at": .string(TimeText.text(began)), "finished_at": .string(TimeText.text(ended)),
    ]
    return report
  }
}
