import Foundation
import Tracking
import Values
import WorkflowEngine

/// Attempts whose process died before their end: their record is closed when the project is used again.
struct AbandonedAttempts {
  let project: LocalProject
  let store: AttemptStore
  let account: () throws -> TrackingStore

  /// Closes those of other sessions that no living process holds, with the tracked runs they left open, and says so.
  func closeOthers(than session: Int64, needed: Set<Int64>) throws {
    for attempt in try store.runningAttempts()
    where attempt.session != session && !needed.contains(attempt.id) {
      guard let lock = try SessionLock.ifFree(project: project, session: attempt.session) else {
        continue
      }
      try withExtendedLifetime(lock) { try close(attempt.id) }
    }
  }

  /// Closes one whose session this process has locked.
  func close(_ attempt: Int64) throws {
    let record = try store.attempt(attempt)
    guard record.status == .running else { return }
    let wasKilled = record.killRequestedAt != nil
    try store.endAttempt(
      attempt,
      status: wasKilled ? .killed : .error,
      message: "its process ended before it was done",
      at: Wiring.now()
    )
    try closeRuns(of: attempt)
    StandardError.line(
      "attempt \(attempt) was cut off when its process ended; it is recorded as "
        + (wasKilled ? "killed" : "failed (`tadoru retry \(attempt)` goes on from there)")
    )
  }

  /// Closes the tracked runs that an attempt left open.
  func closeRuns(of attempt: Int64) throws {
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
