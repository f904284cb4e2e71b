import Values
import WorkflowLanguage

/// How long a `td_wait…>` task waits between two looks.
enum PollInterval {
  private static let least = 30.0

  /// The option `interval`, a duration or a number of seconds; 30 s at least and without one.
  static func read(_ options: Parameters) throws(WorkflowError) -> Duration {
    let asked: Double
    if let text = options.value("interval")?.string, Double(text) == nil {
      asked = try options.duration("interval").map { Double($0.components.seconds) } ?? least
    } else {
      asked = try options.number("interval") ?? least
    }
    return .milliseconds(Int64(max(least, min(asked, 1e9)) * 1000))
  }
}
