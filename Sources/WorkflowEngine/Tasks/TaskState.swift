/// Where a task of an attempt stands.
public enum TaskState: String, Sendable, Hashable, CaseIterable {
  /// Waits for its parent or an upstream task; stays so for ever behind a failed one.
  case blocked
  /// May run as soon as a worker is free.
  case ready
  case running
  /// The operator asked to be called again later, or failed with retries left.
  case retryWaiting = "retry_waiting"
  /// A child failed and the whole group runs again later.
  case groupRetryWaiting = "group_retry_waiting"
  /// Its own work is done or it has none; children are under way.
  case planned
  case groupError = "group_error"
  case success
  case error
  case canceled

  /// True for the four states that never change again.
  public var isDone: Bool {
    switch self {
    case .groupError, .success, .error, .canceled: true
    case .blocked, .ready, .running, .retryWaiting, .groupRetryWaiting, .planned: false
    }
  }

  /// True when a group that holds a task in this state has failed.
  var isFailure: Bool {
    switch self {
    case .groupError, .error, .canceled: true
    case .blocked, .ready, .running, .retryWaiting, .groupRetryWaiting, .planned, .success: false
    }
  }
}

/// How an attempt stands or ended.
public enum AttemptStatus: String, Sendable, Hashable {
  case running
  case success
  case error
  case killed
}

/// What went wrong in a task, as `error.message` and `error.stacktrace` show it to `_error` tasks.
public struct TaskError: Sendable, Hashable {
  public let message: String
  /// More lines for the log; empty when there are none.
  public let detail: String

  public init(message: String, detail: String = "") {
    self.message = message
    self.detail = detail
  }
}
