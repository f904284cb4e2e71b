import Foundation
public import Values
public import WorkflowEngine
import WorkflowLanguage

/// `py>`: calls a Python function or method.
///
/// ```yaml
/// +load:
///   py>: tasks.Loader.run
///   table: visits
///   _env:
///     TOKEN: ${secret:api.token}
/// ```
/// The value is `module.function`, `module.Class.method`, or `module.Class` (then `run`); modules are found from the
/// workflow's folder. Constructor and method get the parameters they declare by name, `**kwargs` gets all. Options:
/// `python` (an interpreter, as text or list), `docker` (`image` gives way to the interpreter, `pip install` lines of `build`
/// go to a virtual environment), `_env`; defaults come from an exported `py:` map. Inside, `digdag.env` has `params`,
/// `store`, `export`, `set_state` and `add_subtask`. Fails with `Python command failed with code N`.
public struct PythonOperator: Operator {
  private let settings: PythonSettings
  private let environment: [String: String]
  private let temporaryDirectory: String
  private let newID: @Sendable () -> String

  /// - Parameters:
  ///   - settings: the runner and where interpreters are.
  ///   - environment: what every script inherits.
  ///   - temporaryDirectory: where parameters and results lie while the script runs.
  ///   - newID: a text that was never given before, fit for a file name.
  public init(
    settings: PythonSettings,
    environment: [String: String],
    temporaryDirectory: String,
    newID: @escaping @Sendable () -> String
  ) {
    self.settings = settings
    self.environment = environment
    self.temporaryDirectory = temporaryDirectory
    self.newID = newID
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool { true }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "py")
    let command = try options.requiredText("_command")
    let variables = try ShellEnvironment(context: context, inherited: environment)
      .variablesWithoutParameters()
    let exchange = "\(temporaryDirectory)/tadoru-\(newID()).json"
    let interpreter = try await PythonInterpreter(
      settings: settings,
      context: context,
      variables: variables,
      scratchFile: exchange
    ).command(options)
    let request: ObjectValue = [
      "command": .string(command), "params": .object(options.scope(withDefaults: "py")),
    ]
    try write(JSON.encode(.object(request)), to: exchange)
    defer { unlink(exchange) }
    let process = ChildProcess(
      command: ["/usr/bin/env"] + interpreter + [settings.runner, exchange],
      environment: variables,
      workingDirectory: context.workingDirectory,
      scratchFile: exchange,
      policy: context.isolation.processes
    )
    let code = try await process.run(output: context.output.print)
    let outcome = try PythonOutcome(file: exchange)
    guard code == 0 else { throw outcome.failure(code: code) }
    if !outcome.isComplete {
      context.output.warn("the script ended the interpreter itself: nothing is stored")
    }
    return .done(try outcome.result(context))
  }

  /// The parameters are nobody else's business.
  private func write(_ text: String, to path: String) throws(TaskFailure) {
    let isWritten = FileManager.default.createFile(
      atPath: path,
      contents: Data(text.utf8),
      attributes: [.posixPermissions: 0o600]
    )
    guard isWritten else {
      throw TaskFailure(.runtime, "the parameters could not be written to `\(temporaryDirectory)`")
    }
  }
}
