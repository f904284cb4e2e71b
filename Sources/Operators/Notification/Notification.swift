import Foundation
import Values
import WorkflowEngine

/// An alert: what happened, and where.
struct Notification: Sendable {
  let message: String
  let task: String
  let attempt: AttemptIdentity
  let time: Date

  /// One line for people.
  var subject: String {
    "\(message.split(whereSeparator: \.isNewline).joined(separator: " ")): \(attempt.projectName) \(attempt.workflowName), session \(attempt.sessionTime)"
  }

  /// Some lines for people.
  var text: String {
    """
    \(message)

    project:  \(attempt.projectName)
    workflow: \(attempt.workflowName)
    session:  \(attempt.sessionTime) (number \(attempt.sessionID))
    attempt:  \(attempt.attemptID)
    task:     \(task)

    tadoru log \(attempt.attemptID) shows what the attempt said.

    """
  }

  /// For programs; `text` is what chat services show.
  var value: Value {
    [
      "message": .string(message), "text": .string(subject),
      "project": .string(attempt.projectName), "project_id": .int(attempt.projectID),
      "workflow": .string(attempt.workflowName), "session_id": .int(attempt.sessionID),
      "session_time": .string(attempt.sessionTime), "attempt_id": .int(attempt.attemptID),
      "task": .string(task),
      "time": .string(TimeText.text(time.timeIntervalSince1970)),
    ]
  }
}
