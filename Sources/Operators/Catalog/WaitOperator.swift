public import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `wait>`: waits for a duration.
///
/// ```yaml
/// +pause:
///   wait>: 1m 30s
/// ```
/// Options: `blocking` (false: the task holds no worker while it waits), `poll_interval` (a duration, not with `blocking: true`).
/// Waits a second at least unless it blocks. Stores nothing.
public struct WaitOperator: Operator {
  private let clock: @Sendable () -> Date

  public init(clock: @escaping @Sendable () -> Date) { self.clock = clock }

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters
    let duration = try options.required(options.duration("_command"), "_command")
    let interval = try options.duration("poll_interval")
    if try options.bool("blocking") {
      if interval != nil {
        throw TaskFailure(.config, "`poll_interval` cannot be used with `blocking: true`")
      }
      try await Task.sleep(for: duration)
      return .done(TaskResult())
    }
    let now = clock().timeIntervalSince1970
    let start = context.state["started"]?.double ?? now
    let rest = start + Double(duration.components.seconds) - now
    if rest <= 0, context.state["started"] != nil { return .done(TaskResult()) }
    let pause = max(1, min(rest, interval.map { Double($0.components.seconds) } ?? rest))
    return .poll(
      after: .milliseconds(Int64((pause * 1000).rounded(.up))),
      state: ["started": .double(start)]
    )
  }
}
