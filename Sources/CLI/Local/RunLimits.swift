import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// The limits of one attempt, checked.
struct RunLimits: Sendable {
  let attempt: AttemptLimits
  /// Tasks that run at the same time.
  let workers: Int

  /// - Parameters:
  ///   - options: what was asked for.
  ///   - configured: `limits` of the user's configuration.
  /// - Throws: ``CommandFailure`` `usage` for a value that is out of range, naming where it was written.
  init(_ options: RunOptions, configured: ObjectValue) throws(CommandFailure) {
    var written = ObjectValue()
    written["tasks"] = options.taskLimit.map { .int(Int64($0)) }
    written["parallel"] = options.parallel.map { .int(Int64($0)) }
    written["task_timeout"] = options.taskTimeout.map { .string($0) }
    written["attempt_timeout"] = options.attemptTimeout.map { .string($0) }
    let source = Source(options: written, configured: configured)
    var limits = AttemptLimits.usual
    limits.tasks =
      try source.number("tasks", "--task-limit", 1...AttemptLimits.mostTasks) ?? limits.tasks
    limits.taskTime = try source.duration("task_timeout", "--task-timeout") ?? limits.taskTime
    limits.attemptTime =
      try source.duration("attempt_timeout", "--attempt-timeout") ?? limits.attemptTime
    attempt = limits
    workers = try source.number("parallel", "--parallel", 1...1000) ?? 32
    let known = ["tasks", "parallel", "task_timeout", "attempt_timeout"]
    if let unknown = configured.keys.first(where: { !known.contains($0) }) {
      throw CommandFailure(
        .usage,
        "`limits.\(unknown)` of the configuration is unknown",
        hint: "there are " + known.map { "`\($0)`" }.joined(separator: ", ")
      )
    }
  }

  /// Where a limit comes from: an option, else the configuration.
  private struct Source {
    let options: ObjectValue
    let configured: ObjectValue

    func number(
      _ key: String,
      _ option: String,
      _ range: ClosedRange<Int>
    ) throws(CommandFailure) -> Int? {
      guard let value = value(key) else { return nil }
      guard let number = value.int, range.contains(Int(number)) else {
        throw refusal(key, option, "must be \(range.lowerBound) to \(range.upperBound)", value)
      }
      return Int(number)
    }

    func duration(_ key: String, _ option: String) throws(CommandFailure) -> Duration? {
      guard let value = value(key) else { return nil }
      let wanted = "must be a duration such as `90s`, `2h 30m` or `1d`"
      do {
        if let duration = try Parameters([key: value]).duration(key), duration > .zero {
          return duration
        }
      } catch {
        throw refusal(key, option, wanted, value)
      }
      throw refusal(key, option, wanted, value)
    }

    private func value(_ key: String) -> Value? {
      (options[key] ?? configured[key]).flatMap { $0.isNull ? nil : $0 }
    }

    private func refusal(
      _ key: String,
      _ option: String,
      _ wanted: String,
      _ found: Value
    ) -> CommandFailure {
      let name = options[key] == nil ? "`limits.\(key)` of the configuration" : option
      return CommandFailure(.usage, "\(name) \(wanted), found `\(found.text)`")
    }
  }
}
