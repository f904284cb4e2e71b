import Values
public import WorkflowEngine
import WorkflowLanguage

/// `notify>`: an internal alert; a local run writes it to the log.
public struct NotifyOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    context.output.warn(try context.parameters.requiredText("_command"))
    context.parameters.useAll()
    return .done(TaskResult())
  }
}
