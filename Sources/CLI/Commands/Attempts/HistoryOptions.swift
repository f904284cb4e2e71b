import ArgumentParser
import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// The sessions and attempts of a project folder.
struct ProjectHistory {
  let project: LocalProject
  let attempts: AttemptHistory

  /// - Throws: ``CommandFailure`` `failed` for a project in which nothing was run yet.
  init(_ project: LocalProject) throws {
    self.project = project
    guard FileManager.default.fileExists(atPath: project.database) else {
      throw CommandFailure(
        .failed,
        "nothing was run in `\(project.directory)` yet",
        hint: "`tadoru run WORKFLOW` runs a workflow; `--project` names another folder"
      )
    }
    let database = try Wiring.database(of: project)
    _ = try AttemptStore(database: database)
    attempts = AttemptHistory(database: database)
  }

  /// - Throws: ``CommandFailure`` `usage` when no attempt has the number.
  func attempt(_ id: Int64) throws -> AttemptSummary {
    if let found = try attempts.attempt(id) { return found }
    let last = try attempts.attempts(limit: 5).map { String($0.id) }
    throw CommandFailure(
      .usage,
      "there is no attempt \(id) in `\(project.directory)`",
      hint: last.isEmpty
        ? "nothing was run there yet"
        : "the last are \(last.joined(separator: ", ")); `tadoru attempts` lists them"
    )
  }
}

extension AttemptSummary {
  /// The session's time in the zone of the attempt.
  var sessionTimeText: String { shownTime(sessionTime, in: timezone) }

  var value: ObjectValue {
    [
      "session_id": .int(session), "attempt_id": .int(id), "session_uuid": .string(sessionUUID),
      "project": .string(project), "workflow": .string(workflow),
      "session_time": .string(sessionTimeText), "retry_attempt_name": .string(name),
      "params": .object(parameters), "created_at": .string(TimeText.text(createdAt)),
      "finished_at": finishedAt.map { .string(TimeText.text($0)) } ?? .null,
      "kill_requested": .bool(killRequestedAt != nil), "status": .string(status.rawValue),
    ]
  }
}

extension SessionSummary {
  var value: ObjectValue {
    [
      "session_id": .int(id), "session_uuid": .string(uuid), "project": .string(project),
      "workflow": .string(workflow), "session_time": .string(shownTime(time, in: timezone)),
      "attempts": .int(attemptCount), "last_attempt_id": lastAttempt.map { .int($0) } ?? .null,
      "status": status.map { .string($0.rawValue) } ?? .null,
    ]
  }
}

/// A session's time as the workflow has it, in UTC where the zone is unknown by now.
func shownTime(_ time: Int64, in timezone: String) -> String {
  do {
    return SessionTime(time, in: try ZoneRules(timezone)).text
  } catch {
    return TimeText.text(Double(time))
  }
}
