import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// What `tadoru run` was asked for, decoded.
struct RunRequest: Sendable {
  /// Which of the tasks that succeeded before run again.
  enum Repetition: Sendable {
    case none
    case all
    /// This task and all that follow.
    case from(String)
    /// This task and those below it.
    case only(String)
  }

  let definition: WorkflowDefinition
  let session: SessionRequest
  let parameters: ObjectValue
  /// `-p` or `-P` was given.
  let hasParameters: Bool
  let secrets: SecretFiles
  let repetition: Repetition
  let limits: AttemptLimits
  let workers: Int
  /// Bytes that the log keeps of what one task prints.
  let outputLimit: Int
  let isDryRun: Bool
  let logFormat: ProgressConsole.Format
  let logLevel: LogLevel

  init(command: Run, definition: WorkflowDefinition) throws {
    self.definition = definition
    session = SessionRequest(text: command.session)
    parameters = try ParameterFile.parameters(files: command.parameterFiles, pairs: command.p)
    hasParameters = !command.parameterFiles.isEmpty || !command.p.isEmpty
    secrets = try SecretFiles(
      file: command.secrets,
      environment: ProcessInfo.processInfo.environment
    )
    repetition =
      command.rerun
      ? .all : command.start.map { .from($0) } ?? command.goal.map { .only($0) } ?? .none
    limits = try command.limits()
    workers = command.parallel
    outputLimit = command.outputLimit.bytes
    isDryRun = command.dryRun
    logFormat = command.logFormat
    logLevel = command.logLevel
  }
}

/// `--session` as written; `now` never meets an earlier session.
struct SessionRequest: Sendable {
  let text: String

  var isNew: Bool { text == "now" }
}
