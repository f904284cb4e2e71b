import Values
public import WorkflowEngine
import WorkflowLanguage

/// `if>`: runs `_do` when its value is true, else `_else_do`.
///
/// ```yaml
/// +alert:
///   if>: ${td.last_results.auc < 0.93}
///   _do:
///     echo>: worse than before
///   _else_do:
///     echo>: fine
/// ```
/// The value is true or false as text or boolean, a number (0 is false), or empty (false); anything else fails. A
/// branch that is missing does nothing, but one of the two must be there.
public struct IfOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    let isTrue = try parameters.required(try condition(parameters), "_command")
    guard parameters.contains("_do") || parameters.contains("_else_do") else {
      throw TaskFailure(.config, "Both _do and _else_do are not specified.")
    }
    let branch = try context.compileTask(under: isTrue ? "_do" : "_else_do", name: "^sub")
    return .done(TaskResult(subtasks: branch))
  }

  private func condition(_ parameters: Parameters) throws(WorkflowError) -> Bool? {
    parameters.contains("_command") ? try parameters.bool("_command") : nil
  }
}
