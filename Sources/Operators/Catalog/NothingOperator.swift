public import WorkflowEngine
import WorkflowLanguage

/// `nop>`: does nothing, and succeeds.
///
/// ```yaml
/// +later:
///   nop>:
/// ```
/// Any key is allowed. Stores nothing.
public struct NothingOperator: Operator {
  public init() {}

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    context.parameters.useAll()
    return .done(TaskResult())
  }
}
