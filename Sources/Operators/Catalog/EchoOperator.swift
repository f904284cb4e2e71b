import Values
public import WorkflowEngine
import WorkflowLanguage

/// `echo>`: prints one line to stdout and to the log.
///
/// ```yaml
/// +hello:
///   echo>: hello ${name}
/// ```
/// The value must be a scalar. `${secret:…}` stays as it is written.
public struct EchoOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let line = try context.parameters.requiredText("_command")
    context.output.print(Array((line + "\n").utf8))
    return .done(TaskResult())
  }
}
