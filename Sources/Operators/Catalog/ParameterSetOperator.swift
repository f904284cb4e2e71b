import Values
public import WorkflowEngine
import WorkflowLanguage

/// `param_set>`: keeps values for later sessions, of any workflow of the project.
///
/// ```yaml
/// +remember:
///   param_set>:
///   last_model: ${model_name}
/// ```
/// Every key beside the operator is kept as text for 90 days from the last time it was set. Stores nothing.
public struct ParameterSetOperator: Operator {
  private let kept: KeptParameters

  public init(_ kept: KeptParameters) { self.kept = kept }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    var texts: [String: String] = [:]
    for key in parameters.local where !key.hasPrefix("_") {
      texts[key] = try parameters.text(key) ?? ""
    }
    try kept.set(texts)
    return .done(TaskResult())
  }
}
