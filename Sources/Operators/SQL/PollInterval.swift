import Values
import WorkflowLanguage

/// How long a `td_wait…>` task waits between two looks.
enum PollInterval {
  private static let least = 30.0

  /// The option `interval`, a duration or a number of seconds; 30 s at least and without one.
  static func read(_ options: Parameters) throws(WorkflowError) -> Duration {
    let asked = try seconds("interval", options) ?? least
    return .milliseconds(Int64(max(least, min(asked, 1e9)) * 1000))
  }

  /// An option that is a duration such as `1h 30m`, or a number of seconds; nil when it is missing.
  static func seconds(_ key: String, _ options: Parameters) throws(WorkflowError) -> Double? {
    if let text = options.value(key)?.string, Double(text) == nil {
      return try options.duration(key).map { Double($0.components.seconds) }
    }
    return try options.number(key)
  }
}
