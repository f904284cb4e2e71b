import Foundation
public import Values
public import WorkflowEngine
import WorkflowLanguage

/// `rb>`: calls a Ruby method.
///
/// ```yaml
/// +load:
///   rb>: Tasks::Loader.run
///   require: tasks/loader
///   table: visits
/// ```
/// The value is `method` (of the top level), `Class.method` or `Module::Class.method`; an instance method is called on a new
/// instance. Constructor and method get the parameters they declare by name. Options: `require` (a file or several, from the
/// workflow's folder), `ruby` (an interpreter, as text or list), `_env`; defaults come from an exported `rb:` map. Inside,
/// `Digdag.env` has `params`, `store`, `export`, `set_state` and `add_subtask`. Fails with `Ruby command failed with code N`.
public struct RubyOperator: Operator {
  private let runner: String
  private let surroundings: OperatorSurroundings

  /// - Parameters:
  ///   - runner: the script that calls the method, `ruby/run.rb`.
  ///   - surroundings: environment, names and the folder for parameters and results.
  public init(runner: String, surroundings: OperatorSurroundings) {
    self.runner = runner
    self.surroundings = surroundings
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool { true }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "rb")
    let command = try options.requiredText("_command")
    let requires = try options.textList("require") ?? []
    let variables = try ShellEnvironment(context: context, inherited: surroundings.environment)
      .variablesWithoutParameters()
    let interpreter = try RubyInterpreter(
      options,
      path: variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      workingDirectory: context.workingDirectory
    ).command
    if options.contains("docker") {
      context.output.info(
        "docker is not used: the script runs with `\(interpreter.joined(separator: " "))` on this machine"
      )
    }
    let exchange = "\(surroundings.temporaryDirectory)/tadoru-\(surroundings.newID()).json"
    let request: ObjectValue = [
      "command": .string(command), "require": .array(requires.map { .string($0) }),
      "params": .object(options.scope(withDefaults: "rb")),
    ]
    try write(JSON.encode(.object(request)), to: exchange)
    defer { unlink(exchange) }
    let process = ChildProcess(
      command: ["/usr/bin/env"] + interpreter + [runner, exchange],
      environment: variables,
      workingDirectory: context.workingDirectory,
      scratchFile: exchange,
      policy: context.isolation.processes
    )
    let code = try await process.run(output: context.output.print)
    let outcome = try PythonOutcome(file: exchange, language: "Ruby")
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
      throw TaskFailure(
        .runtime,
        "the parameters could not be written to `\(surroundings.temporaryDirectory)`"
      )
    }
  }
}
