import Foundation
import Tracking
import Values
import WorkflowEngine

/// Attempts whose process died before their end: their record is closed when the project is used again.
struct AbandonedAttempts {
  let project: LocalProject
  let store: AttemptStore
  let account: () throws -> TrackingStore

  /// Closes those that no living process holds, with the tracked runs they left open.
  ///
  /// - Returns: the numbers of the closed attempts.
  func close() throws -> [Int64] {
    var closed: [Int64] = []
    for attempt in try store.runningAttempts() {
      guard let lock = try SessionLock.ifFree(project: project, session: attempt.session) else {
        continue
      }
      try withExtendedLifetime(lock) {
        try store.endAttempt(attempt.id, status: .error, at: Wiring.now())
        try closeRuns(of: attempt.id)
      }
      closed.append(attempt.id)
    }
    return closed
  }

  private func closeRuns(of attempt: Int64) throws {
    let tracking = try account()
    var open = RunFilter()
    open.status = .running
    open.attemptID = attempt
    for run in try tracking.runs(open) {
      _ = try tracking.finishRun(
        run.id,
        .killed,
        tags: ["tadoru.error": .string("the process of attempt \(attempt) ended")]
      )
    }
  }
}
