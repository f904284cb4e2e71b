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

  @Option(help: ArgumentHelp("Tasks an attempt may have.", valueName: "n"))
  var taskLimit = 1000

  @Option(help: ArgumentHelp("Tasks of an attempt that run at the same time.", valueName: "n"))
  var parallel = 32

  @Option(
    help: ArgumentHelp(
      "How long a task may run, with its retries, before the attempt is killed.",
      valueName: "duration"
    )
  )
  var taskTimeout = "1d"

  @Option(
    help: ArgumentHelp("How long the attempt may take before it is killed.", valueName: "duration")
  )
  var attemptTimeout = "7d"

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

  func validate() throws {
    guard taskLimit > 0, taskLimit <= AttemptLimits.mostTasks else {
      throw ValidationError("--task-limit must be 1 to 1,000,000, found \(taskLimit)")
    }
    guard parallel > 0, parallel <= 1000 else {
      throw ValidationError("--parallel must be 1 to 1,000, found \(parallel)")
    }
  }

  func settings() throws -> RunSettings {
    RunSettings(
      secrets: try SecretFiles(
        file: secrets,
        environment: ProcessInfo.processInfo.environment
      ),
      limits: AttemptLimits(
        tasks: taskLimit,
        taskTime: try duration(taskTimeout, of: "--task-timeout"),
        attemptTime: try duration(attemptTimeout, of: "--attempt-timeout")
      ),
      workers: parallel,
      outputLimit: outputLimit.bytes
    )
  }

  func host() throws -> LocalHost {
    LocalHost(
      settings: try settings(),
      console: ProgressConsole(format: logFormat, minimum: logLevel, now: Wiring.now)
    )
  }

  private func duration(_ text: String, of option: String) throws(CommandFailure) -> Duration {
    // why: any failure to read it has the one message below
    guard let duration = try? Parameters(["d": .string(text)]).duration("d"), duration > .zero
    else {
      throw CommandFailure(
        .usage,
        "\(option) must be a duration such as `90s`, `2h 30m` or `1d`, found `\(text)`"
      )
    }
    return duration
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
