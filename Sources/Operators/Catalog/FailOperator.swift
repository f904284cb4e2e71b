import Values
public import WorkflowEngine
import WorkflowLanguage

/// `fail>`: fails with a text.
///
/// ```yaml
/// +stop:
///   fail>: the table is empty
/// ```
public struct FailOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    throw TaskFailure(.stated, try context.parameters.text("_command") ?? "")
  }
}
