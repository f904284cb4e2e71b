/// What one attempt may use; beyond a time limit the whole attempt is killed.
public struct AttemptLimits: Sendable, Hashable {
  /// As digdag has them: 1,000 tasks, a day for a task, a week for an attempt.
  public static let usual = AttemptLimits()

  /// The most that ``tasks`` can be.
  public static let mostTasks = 1_000_000

  /// Tasks of the attempt, with those that are generated.
  public var tasks: Int
  /// How long a task may be running or waiting to be tried again.
  public var taskTime: Duration
  /// How long the attempt may take.
  public var attemptTime: Duration

  public init(
    tasks: Int = 1000,
    taskTime: Duration = .seconds(86_400),
    attemptTime: Duration = .seconds(7 * 86_400)
  ) {
    self.tasks = tasks
    self.taskTime = taskTime
    self.attemptTime = attemptTime
  }
}

extension Duration {
  /// As the language writes durations, to the second: `1d 2h 30s`.
  var shortText: String {
    var rest = components.seconds
    var parts: [String] = []
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    where rest >= length {
      parts.append("\(rest / length)\(unit)")
      rest %= length
    }
    if rest > 0 || parts.isEmpty { parts.append("\(rest)s") }
    return parts.joined(separator: " ")
  }

  var inSeconds: Double { self / .seconds(1) }
}
