import Values

/// What an attempt takes over from an earlier one of its session: what succeeded there, less some tasks that run again.
public struct ResumeRule: Sendable, Hashable {
  /// The number of the earlier attempt.
  public let attempt: Int64
  /// Full names of tasks that run again with everything below them, generated tasks too.
  public let runningAgain: Set<String>

  public init(attempt: Int64, runningAgain: Set<String> = []) {
    self.attempt = attempt
    self.runningAgain = runningAgain
  }

  /// True for a named task and everything below one.
  public func runsAgain(_ fullName: String) -> Bool {
    guard !runningAgain.isEmpty else { return false }
    if runningAgain.contains(fullName) { return true }
    return fullName.indices.dropFirst().contains {
      (fullName[$0] == "+" || fullName[$0] == "^")
        && runningAgain.contains(String(fullName[..<$0]))
    }
  }

  var value: Value {
    [
      "attempt": .int(attempt),
      "running_again": .array(runningAgain.sorted().map { .string($0) }),
    ]
  }

  init?(_ value: Value) {
    guard let attempt = value.object?["attempt"]?.int else { return nil }
    self.attempt = attempt
    runningAgain = Set(value.object?["running_again"]?.array?.compactMap(\.string) ?? [])
  }
}
