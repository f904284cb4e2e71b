import Values
public import WorkflowEngine
import WorkflowLanguage

/// `require>`: waits for a session of another workflow, and starts it when there is none.
///
/// ```yaml
/// +sources:
///   require>: load_sources
/// ```
/// The value is the name of a workflow, without `.dig`. Options: `session_time` (ISO 8601; this task's own session time),
/// `project_id` or `project_name` (this project), `rerun_on` (`none`; `failed` and `all` start another attempt when the
/// session has one that failed, or any that ended), `ignore_failure` (false), `params` (session parameters of an attempt
/// that is started; nothing else is passed). Holds no worker while it waits. Stores nothing.
public struct RequireOperator: Operator {
  /// When a session that has an attempt gets another one.
  private enum Rerun: String, CaseIterable {
    case none, failed, all

    func applies(to status: AttemptStatus) -> Bool {
      switch (self, status) {
      case (.none, _), (_, .running), (.failed, .success): false
      case (.failed, .error), (.failed, .killed), (.all, _): true
      }
    }
  }

  private static let firstPause = 0.1
  private static let longestPause = 2.0

  private let attempts: RequiredAttempts

  public init(_ attempts: RequiredAttempts) { self.attempts = attempts }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters
    let name = try options.requiredText("_command")
    let ignoresFailure = try options.bool("ignore_failure")
    let request = try request(name, context)
    let rerun = try rerun(options)
    let standing: RequiredAttempts.Standing
    if let reference = context.state["attempt"]?.object {
      standing = try await attempts.standing(reference, context.attempt)
    } else {
      standing = try await first(request, rerun, context.output)
    }
    switch standing.status {
    case .running:
      let pause = context.state["pause"]?.double ?? Self.firstPause
      return .poll(
        after: .milliseconds(Int64(pause * 1000)),
        state: [
          "attempt": .object(standing.reference),
          "pause": .double(min(pause * 2, Self.longestPause)),
        ]
      )
    case .success: return .done(TaskResult())
    case .error, .killed:
      let words = "\(name), \(standing.name): \(standing.status.rawValue)"
      guard !ignoresFailure else {
        context.output.warn("Dependent workflow failed (`ignore_failure` is set): \(words)")
        return .done(TaskResult())
      }
      throw TaskFailure(
        .runtime,
        "Dependent workflow failed: \(words)",
        detail: "`rerun_on: failed` starts another attempt when this task runs again"
      )
    }
  }

  /// The attempt of the session, started when there is none, or when it is to run again.
  private func first(
    _ request: RequiredAttempts.Request,
    _ rerun: Rerun,
    _ output: TaskOutput
  ) async throws -> RequiredAttempts.Standing {
    let found = try await attempts.find(request)
    if let found, !rerun.applies(to: found.status) {
      output.info("\(request.workflow): \(found.name) is there, \(found.status.rawValue)")
      return found
    }
    let started = try await attempts.start(request, found != nil)
    output.info("\(request.workflow): \(started.name) is started")
    return started
  }

  private func request(
    _ name: String,
    _ context: TaskContext
  ) throws -> RequiredAttempts.Request {
    let options = context.parameters
    // Every task sees `project_id` of its own project: only what it says itself counts.
    let number = options.local.contains("project_id") ? try options.int("project_id") : nil
    let project = try options.text("project_name")
    guard number == nil || project == nil else {
      throw TaskFailure(.config, "only one of `project_id` and `project_name` can be set")
    }
    return RequiredAttempts.Request(
      workflow: name,
      project: number.map { .number($0) } ?? project.map { .named($0) } ?? .own,
      sessionTime: try sessionTime(options, context.attempt),
      parameters: try options.objectOrJSON("params") ?? [:],
      asker: context.attempt
    )
  }

  private func sessionTime(_ options: Parameters, _ attempt: AttemptIdentity) throws -> Int64 {
    guard let text = try options.text("session_time") else { return attempt.sessionUnixTime }
    // A word such as `now` would mean another session with each try.
    guard text.first?.isNumber == true else {
      throw TaskFailure(
        .config,
        "`session_time` must be a time as `2024-05-02T00:00:00+00:00`, found `\(text)`"
      )
    }
    let zone = try ZoneRules(attempt.timezone)
    return try SessionTime(parsing: text, in: zone, now: attempt.sessionUnixTime).unixTime
  }

  private func rerun(_ options: Parameters) throws -> Rerun {
    let text = try options.text("rerun_on") ?? Rerun.none.rawValue
    guard let rerun = Rerun(rawValue: text) else {
      throw TaskFailure(
        .config,
        "`rerun_on` must be one of `none`, `failed` and `all`, found `\(text)`"
      )
    }
    return rerun
  }
}
