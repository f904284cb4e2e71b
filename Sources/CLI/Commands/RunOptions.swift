public import ArgumentParser
import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// What every command takes that runs attempts.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A YAML or JSON map of secrets, dotted keys allowed.", valueName: "file")
  )
  var secrets: String?

  @Option(
    help: ArgumentHelp(
      "Tasks an attempt may have, up to 1,000,000 (default: 1,000, or `limits.tasks` of the configuration).",
      valueName: "n"
    )
  )
  var taskLimit: Int?

  @Option(
    help: ArgumentHelp(
      "Tasks of an attempt that run at the same time (default: 32, or `limits.parallel`).",
      valueName: "n"
    )
  )
  var parallel: Int?

  @Option(
    help: ArgumentHelp(
      "How long a task may run, with its retries, before the attempt is killed (default: 1d, or `limits.task_timeout`).",
      valueName: "duration"
    )
  )
  var taskTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How long the attempt may take before it is killed (default: 7d, or `limits.attempt_timeout`).",
      valueName: "duration"
    )
  )
  var attemptTimeout: String?

  @Option(
    help: ArgumentHelp(
      "Bytes that the log keeps of what one task prints; stdout gets all of it.",
      valueName: "bytes"
    )
  )
  var outputLimit = ByteCount(AttemptLog.usualOutputLimit)

  @Option(help: "The form of progress and logs.")
  var logFormat: ProgressConsole.Format = .text

  @Option(help: "The quietest kind of line that is shown: debug, info, warning or error.")
  var logLevel: LogLevel = .info

  func settings() throws -> RunSettings {
    let environment = ProcessInfo.processInfo.environment
    let configuration = try UserConfiguration(environment: environment)
    let limits = try RunLimits(self, configured: configuration.limits)
    return RunSettings(
      secrets: try SecretFiles(file: secrets, environment: environment),
      limits: limits.attempt,
      workers: limits.workers,
      outputLimit: outputLimit.bytes
    )
  }

  func host() throws -> LocalHost {
    LocalHost(
      settings: try settings(),
      console: ProgressConsole(format: logFormat, minimum: logLevel, now: Wiring.now)
    )
  }
}

/// The same, decoded.
struct RunSettings: Sendable {
  let secrets: SecretFiles
  let limits: AttemptLimits
  let workers: Int
  /// Bytes that the log keeps of what one task prints.
  let outputLimit: Int
}

extension ProgressConsole.Format: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
