public import Values
public import WorkflowLanguage

/// How often and after which pauses a task is tried again.
public struct RetryPolicy: Sendable, Hashable {
  /// How the pauses grow.
  public enum Interval: String, Sendable, Hashable { case constant, exponential }

  /// Retries after the first try, 0 or more.
  public let limit: Int
  public let interval: Duration
  public let kind: Interval
  public let maximumInterval: Duration?

  public init(
    limit: Int,
    interval: Duration = .zero,
    kind: Interval = .constant,
    maximumInterval: Duration? = nil
  ) {
    self.limit = limit
    self.interval = interval
    self.kind = kind
    self.maximumInterval = maximumInterval
  }

  /// Reads `_retry`: a number, its text, or `{limit, interval, interval_type, max_interval}` in seconds.
  ///
  /// - Throws: `WorkflowError` `parameter` for anything else.
  public init(_ value: Value) throws(WorkflowError) {
    let options = Parameters(value.object ?? ["limit": value])
    let limit = try options.int("limit") ?? 0
    guard limit >= 0 else {
      throw WorkflowError(.parameter, "`_retry` must be 0 or more, found \(limit)")
    }
    let word = try options.text("interval_type") ?? Interval.constant.rawValue
    guard let kind = Interval(rawValue: word) else {
      throw WorkflowError(
        .parameter,
        "`interval_type` of `_retry` must be `constant` or `exponential`, found `\(word)`"
      )
    }
    self.init(
      limit: Int(limit),
      interval: try Self.seconds("interval", of: options) ?? .zero,
      kind: kind,
      maximumInterval: try Self.seconds("max_interval", of: options)
    )
  }

  /// The longest pause between two tries; an attempt does not live that long.
  private static let longest = Duration.seconds(366 * 86400)

  private static func seconds(
    _ key: String,
    of options: Parameters
  ) throws(WorkflowError) -> Duration? {
    guard let seconds = try options.int(key) else { return nil }
    guard seconds >= 0, seconds <= longest.components.seconds else {
      throw WorkflowError(
        .parameter,
        "`\(key)` of `_retry` must be 0 to \(longest.components.seconds) seconds, found \(seconds)"
      )
    }
    return .seconds(seconds)
  }

  /// Finds the pause before the next try.
  ///
  /// - Parameter retries: how many retries there were already.
  /// - Returns: nil when no retry is left.
  func delay(after retries: Int) -> Duration? {
    guard retries < limit else { return nil }
    let pause =
      switch kind {
      case .constant: interval
      case .exponential:
        (0..<min(retries, 40)).reduce(interval) { pause, _ in min(pause * 2, Self.longest) }
      }
    return maximumInterval.map { min($0, pause) } ?? pause
  }
}
