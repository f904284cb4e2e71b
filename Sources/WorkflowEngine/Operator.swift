public import Values
public import WorkflowLanguage

/// What a task of a workflow does: the plug point of the engine.
///
/// One value serves every task of its type, several at a time; what belongs to one try is in the context.
public protocol Operator: Sendable {  // why: the catalogue in Operators holds the conformers
  /// True when `_retry` of the task repeats a failure of the operator itself; false for echo>, fail>, if> and the loops.
  var retriesOwnFailure: Bool { get }

  /// True for a task that may write files beside those of the project: where tasks do not share a folder it gets a copy.
  ///
  /// The parameters are merged and raw, with the local keys on top.
  func writesFiles(_ parameters: ObjectValue) -> Bool

  /// Runs one try of a task.
  ///
  /// Cancellation means kill: end every process and statement that was started, then throw.
  /// - Throws: ``TaskFailure`` for everything a user can mend; any other error is reported as unexpected.
  func run(_ context: TaskContext) async throws -> TaskOutcome
}

extension Operator {
  public var retriesOwnFailure: Bool { true }
  public func writesFiles(_ parameters: ObjectValue) -> Bool { false }
}

/// How a try of a task ended, short of an error.
public enum TaskOutcome: Sendable {
  case done(TaskResult)
  /// Not finished: run again after the delay, with this state in the context.
  case poll(after: Duration, state: ObjectValue)
}

/// What a finished try leaves behind.
public struct TaskResult: Sendable {
  /// Parameters for the tasks that follow.
  public var store: ObjectValue
  /// Paths dropped from earlier stores before `store` is merged, as `["td", "last_results"]`.
  public var reset: [[String]]
  /// Parameters for the tasks this one generates and for its `_check`.
  public var export: ObjectValue
  /// Generated tasks; they go under `^sub`.
  public var subtasks: TaskNode?

  public init(
    store: ObjectValue = [:],
    reset: [[String]] = [],
    export: ObjectValue = [:],
    subtasks: TaskNode? = nil
  ) {
    self.store = store
    self.reset = reset
    self.export = export
    self.subtasks = subtasks
  }
}

/// Why a try of a task failed, in words for the person who wrote the workflow.
public struct TaskFailure: Error, Sendable, CustomStringConvertible {
  /// Who can mend it: sets the end of the message.
  public enum Code: String, Sendable {
    /// A mistake in the workflow, its parameters or its files: ends in ` (config)`.
    case config
    /// The work was tried and went wrong: ends in ` (runtime)`.
    case runtime
    /// Said by the workflow itself (`fail>`): no suffix.
    case stated
  }

  public let code: Code
  public let message: String
  /// More lines for the log, as a traceback; not part of the message.
  public let detail: String?

  public init(_ code: Code, _ message: String, detail: String? = nil) {
    self.code = code
    self.message = message
    self.detail = detail
  }

  public var description: String {
    code == .stated ? message : "\(message) (\(code.rawValue))"
  }
}
