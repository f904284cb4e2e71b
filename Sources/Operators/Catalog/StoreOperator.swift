import Values
public import WorkflowEngine
import WorkflowLanguage

/// `store>`: leaves values behind for the tasks that follow.
///
/// ```yaml
/// +settings:
///   store>:
///     model: income_${session_id}
///     limits: {rows: 1000}
/// ```
/// The values are the operator's map; keys beside it count too. A map is merged into one of the same name.
public struct StoreOperator: Operator {
  public init() {}

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    var stored = try parameters.object("_command") ?? [:]
    for key in parameters.local where !key.hasPrefix("_") {
      stored[key] = parameters.values[key]
    }
    parameters.useAll()
    return .done(TaskResult(store: stored))
  }
}
