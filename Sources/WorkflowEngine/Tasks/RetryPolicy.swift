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
      interval: .seconds(try options.int("interval") ?? 0),
      kind: kind,
      maximumInterval: try options.int("max_interval").map { .seconds($0) }
    )
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
      case .exponential: interval * (1 << min(retries, 40))
      }
    return maximumInterval.map { min($0, pause) } ?? pause
  }
}
