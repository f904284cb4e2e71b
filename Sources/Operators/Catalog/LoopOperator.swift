import Values
public import WorkflowEngine
import WorkflowLanguage

/// `loop>`: runs `_do` a number of times; `${i}` counts from 0.
///
/// ```yaml
/// +repeat:
///   loop>: 3
///   _do:
///     echo>: round ${i}
/// ```
/// `_parallel: true` or `{limit: n}` runs rounds at the same time.
public struct LoopOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    let key = parameters.contains("count") ? "count" : "_command"
    let count = Int(clamping: try parameters.required(try parameters.int(key), key))
    let group = try Iterations(kind: "loop", context: context).group(count: count) { round in
      ("+loop-\(round)", ["i": .int(Int64(round))])
    }
    return .done(TaskResult(subtasks: group))
  }
}
