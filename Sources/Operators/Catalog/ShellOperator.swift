import Foundation
public import Values
public import WorkflowEngine
import WorkflowLanguage

/// `sh>`: runs a shell script in the workflow's folder.
///
/// ```yaml
/// +load:
///   sh>: ./fetch.sh "$BUCKET" ${session_date}
///   _env:
///     BUCKET: my-bucket
///     TOKEN: ${secret:storage.token}
/// ```
/// Options: `shell` (`/bin/sh`; a text or a list such as `[bash, -e]`), `_env` (only on the task itself).
/// The script sees every parameter whose name is an identifier as an environment variable, lists and maps as JSON, and what
/// `_env` adds. `${secret:key}` is filled in the text and in `_env`. Standard error is merged into standard output.
/// Stores nothing; fails with `Command failed with code N`.
public struct ShellOperator: Operator {
  private let environment: [String: String]
  private let temporaryDirectory: String
  private let newID: @Sendable () -> String
  /// How long a cancelled script may take to end by itself.
  var grace: Duration = .seconds(3)

  /// - Parameters:
  ///   - environment: what every script inherits.
  ///   - temporaryDirectory: where the script lies while it runs.
  ///   - newID: a text that was never given before, fit for a file name.
  public init(
    environment: [String: String],
    temporaryDirectory: String,
    newID: @escaping @Sendable () -> String
  ) {
    self.environment = environment
    self.temporaryDirectory = temporaryDirectory
    self.newID = newID
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool { true }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let text = try context.secrets.fill(context.parameters.requiredText("_command"))
    let shell = try context.parameters.textList("shell") ?? ["/bin/sh"]
    guard !shell.isEmpty else {
      throw TaskFailure(
        .config,
        "`shell` must name a program, as `bash` or `[bash, -e]`, found an empty list"
      )
    }
    if context.parameters.contains("docker") {
      context.output.warn("`docker` is not available here: the command runs on this machine")
    }
    let variables = try ShellEnvironment(context: context, inherited: environment)
      .variables()
    let script = "\(temporaryDirectory)/tadoru-\(newID()).sh"
    try write(text, to: script)
    defer { unlink(script) }
    let process = ChildProcess(
      command: ["/usr/bin/env"] + shell + [script],
      environment: variables,
      workingDirectory: context.workingDirectory,
      scratchFile: script,
      policy: context.isolation.processes,
      grace: grace
    )
    let code = try await process.run(output: context.output.print)
    guard code == 0 else { throw TaskFailure(.runtime, "Command failed with code \(code)") }
    return .done(TaskResult())
  }

  /// The text may hold secrets, so nobody else may read it.
  private func write(_ text: String, to path: String) throws(TaskFailure) {
    let isWritten = FileManager.default.createFile(
      atPath: path,
      contents: Data(text.utf8),
      attributes: [.posixPermissions: 0o600]
    )
    guard isWritten else {
      throw TaskFailure(.runtime, "the script could not be written to `\(temporaryDirectory)`")
    }
  }
}
