import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// Runs sessions of one workflow, each after the one before.
struct BackfillRun: Sendable {
  /// What is to be done about a session.
  enum Plan: Sendable, Equatable {
    case run
    /// A failed attempt goes on.
    case resume(Int64)
    /// This attempt succeeded.
    case skip(Int64)

    var word: String {
      switch self {
      case .run: "run"
      case .resume: "resume"
      case .skip: "skip"
      }
    }
  }

  /// What came of a session.
  struct Result: Sendable {
    let time: String
    let plan: Plan
    var attempt: Int64?
    /// nil when nothing was run.
    var status: AttemptReport.Status?

    var value: ObjectValue {
      [
        "session_time": .string(time), "plan": .string(plan.word),
        "attempt_id": attempt.map { .int($0) } ?? .null,
        "status": status.map { .string($0.rawValue) } ?? .null,
      ]
    }
  }

  let host: LocalHost
  let project: OpenProject
  let definition: WorkflowDefinition
  let zone: ZoneRules
  /// The retry name of the new attempts; nil for none.
  let name: String?
  let parameters: ObjectValue

  func perform(
    _ sessions: [ScheduleTime],
    isDryRun: Bool,
    continuesOnError: Bool
  ) async throws -> [Result] {
    var results: [Result] = []
    for (number, session) in sessions.enumerated() {
      var result = try planned(session)
      if !isDryRun {
        host.note(
          .info,
          "session \(number + 1) of \(sessions.count): \(result.time)"
            + (result.plan.word == "skip"
              ? ", attempt \(result.attempt ?? 0) succeeded before" : "")
        )
        try await run(session, &result)
      }
      results.append(result)
      guard let status = result.status, status != .success else { continue }
      if continuesOnError, status != .killed { continue }
      stop(result, left: sessions.count - number - 1)
      return results
    }
    if !isDryRun { sum(results) }
    return results
  }

  private func planned(_ session: ScheduleTime) throws -> Result {
    let attempts = try project.history.attempts(
      project: project.store.project(named: project.project.name),
      workflow: definition.name,
      sessionTime: session.sessionTime
    )
    // An attempt that goes on with one named NAME is named NAME-2.
    let counted = attempts.filter { attempt in
      guard let name else { return true }
      return attempt.name == name
        || attempt.name.hasPrefix(name + "-") && Int(attempt.name.dropFirst(name.count + 1)) != nil
    }
    let time = SessionTime(session.sessionTime, in: zone).text
    guard let last = counted.last else { return Result(time: time, plan: .run) }
    return last.status == .success
      ? Result(time: time, plan: .skip(last.id), attempt: last.id)
      : Result(time: time, plan: .resume(last.id), attempt: last.id)
  }

  private func run(_ session: ScheduleTime, _ result: inout Result) async throws {
    var request = RunRequest(definition: definition, session: .at(session.sessionTime))
    request.parameters = parameters
    request.hasParameters = !parameters.isEmpty
    request.showsNextStep = false
    switch result.plan {
    case .skip: return
    case .run:
      request.earlier = name == nil ? .continued(.none) : .resumed(nil)
      request.name = name ?? ""
    case .resume(let attempt):
      if let name {
        request.earlier = .resumed(ResumeRule(attempt: attempt))
        request.name = try freeName(name, session)
      }
    }
    let report = try await LocalRun(host: host, project: project, request: request)
      .perform(closingOthers: true)
    result.attempt = report.attempt["id"]?.int
    result.status = report.status
  }

  private func freeName(_ name: String, _ session: ScheduleTime) throws -> String {
    let names = try project.history.attempts(
      project: project.store.project(named: project.project.name),
      workflow: definition.name,
      sessionTime: session.sessionTime
    ).map(\.name)
    var number = 2
    while names.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  private func stop(_ result: Result, left: Int) {
    let attempt = result.attempt.map { " (attempt \($0))" } ?? ""
    host.note(
      .error,
      "stopped: session \(result.time) ended as \(result.status?.rawValue ?? "error")\(attempt), "
        + "\(left) session\(left == 1 ? " is" : "s are") left. Repeat the command to go on from here: "
        + "what succeeded is left out; `--continue-on-error` does not stop"
    )
  }

  private func sum(_ results: [Result]) {
    let failed = results.filter { $0.status != nil && $0.status != .success }
    let done = results.count { $0.status == .success }
    let skipped = results.count { $0.status == nil }
    host.note(
      failed.isEmpty ? .info : .error,
      "backfill: \(done) succeeded, \(failed.count) failed, \(skipped) left out"
        + (failed.isEmpty ? "" : ": " + failed.map(\.time).joined(separator: ", "))
    )
  }
}
