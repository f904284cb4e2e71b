import Values
public import WorkflowEngine
import WorkflowLanguage

/// `param_get>`: reads values that `param_set>` kept.
///
/// ```yaml
/// +recall:
///   param_get>:
///   last_model: model_name
/// ```
/// Every key beside the operator names a kept value, its text the name to store it under. What is not kept, or was set more
/// than 90 days ago, is stored as empty text.
public struct ParameterGetOperator: Operator {
  private let kept: KeptParameters

  public init(_ kept: KeptParameters) { self.kept = kept }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    var names: [(key: String, destination: String)] = []
    for key in parameters.local where !key.hasPrefix("_") {
      let destination = try parameters.requiredText(key)
      guard !destination.isEmpty else {
        throw TaskFailure(
          .config,
          "`\(key)` must be the name to store the value under, found an empty text"
        )
      }
      names.append((key, destination))
    }
    let found = try kept.get(names.map(\.key))
    return .done(
      TaskResult(store: ObjectValue(names.map { ($0.destination, .string(found[$0.key] ?? "")) }))
    )
  }
}
