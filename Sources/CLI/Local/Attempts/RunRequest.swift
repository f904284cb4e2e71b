import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// An attempt that is asked for.
struct RunRequest: Sendable {
  /// Which of the tasks that succeeded before run again.
  enum Repetition: Sendable {
    case none
    case all
    /// This task and all that follow.
    case from(String)
    /// This task and those below it.
    case only(String)
  }

  /// What is made of earlier attempts of the session.
  enum Earlier: Sendable {
    /// One that was cut off is continued; else what succeeded in the last one is not run again.
    case continued(Repetition)
    /// A new attempt takes over what the rule says; nil takes over nothing.
    case resumed(ResumeRule?)
  }

  let definition: WorkflowDefinition
  let session: SessionRequest
  var parameters: ObjectValue = [:]
  /// Parameters were given on the command line.
  var hasParameters = false
  var earlier: Earlier = .continued(.none)
  /// The retry name; empty for none.
  var name = ""
  /// When the attempt was due, in Unix seconds; nil when it was asked for now.
  var runTime: Int64?
  var isDryRun = false

  /// The attempt runs because a person or a schedule wants it, not because another one requires it.
  var showsNextStep = true
}

/// Which session of a workflow is meant.
enum SessionRequest: Sendable {
  /// `--session` as written; `now` never meets an earlier session.
  case written(String)
  /// Unix seconds.
  case at(Int64)

  var isNew: Bool { if case .written("now") = self { true } else { false } }

  /// The session's time where it is known without a zone.
  var fixedTime: Int64? { if case .at(let time) = self { time } else { nil } }

  /// The moment it names.
  ///
  /// - Throws: `WorkflowError` `parameter` for a text that is no time.
  func time(in zone: ZoneRules, now: Int64) throws(WorkflowError) -> SessionTime {
    switch self {
    case .written(let text): try SessionTime(parsing: text, in: zone, now: now)
    case .at(let time): SessionTime(time, in: zone)
    }
  }
}
