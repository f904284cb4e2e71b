public import ArgumentParser
import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `tadoru run`: runs a workflow of a project here and now.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a workflow on this machine.",
    discussion: """
      A run is an attempt of a session; a session is a workflow and a time. Without --session each run is a new \
      session. With --session, tasks of that session that already succeeded are not run again, so a failed run \
      is continued by repeating it; --rerun runs everything.

      What the workflow prints goes to stdout, progress and logs to stderr.
      """
  )

  @Argument(help: "The workflow: its name, or the path of its .dig file.")
  var workflow: String

  @Option(
    help: ArgumentHelp(
      "The project folder (default: that of the .dig file, else here).",
      valueName: "dir"
    )
  )
  var project: String?

  @Option(
    help: ArgumentHelp(
      "The session's time: now, hourly, daily, yyyy-MM-dd, \"yyyy-MM-dd HH:mm:ss\" or ISO 8601.",
      valueName: "time"
    )
  )
  var session = "now"

  @Option(
    name: .short,
    help: ArgumentHelp(
      "A parameter; its value is text, dots in the name nest.",
      valueName: "name=value"
    )
  )
  var p: [String] = []

  @Option(
    name: .customShort("P"),
    help: ArgumentHelp("A YAML or JSON file of parameters.", valueName: "file")
  )
  var parameterFiles: [String] = []

  @Option(
    help: ArgumentHelp("A YAML or JSON map of secrets, dotted keys allowed.", valueName: "file")
  )
  var secrets: String?

  @Option(help: ArgumentHelp("Tasks an attempt may have.", valueName: "n"))
  var taskLimit = 1000

  @Option(help: ArgumentHelp("Tasks that run at the same time.", valueName: "n"))
  var parallel = 32

  @Flag(name: .shortAndLong, help: "Run everything, also what succeeded before.")
  var rerun = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Run this task and all that follow, also if they succeeded before.",
      valueName: "+task"
    )
  )
  var start: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Run this task and those below it, also if they succeeded before.",
      valueName: "+task"
    )
  )
  var goal: String?

  @Flag(name: .shortAndLong, help: "Show what would run, with its parameters, and run nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Write a report of the attempt as JSON.", valueName: "file"))
  var report: String?

  @Option(help: "The form of progress and logs.")
  var logFormat: ProgressConsole.Format = .text

  @Option(help: "The quietest kind of line that is shown: debug, info, warning or error.")
  var logLevel: LogLevel = .info

  func validate() throws {
    guard taskLimit > 0, taskLimit <= 1_000_000 else {
      throw ValidationError("--task-limit must be 1 to 1,000,000, found \(taskLimit)")
    }
    guard parallel > 0, parallel <= 1000 else {
      throw ValidationError("--parallel must be 1 to 1,000, found \(parallel)")
    }
    guard [rerun, start != nil, goal != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("only one of --rerun, --start and --goal can be given")
    }
  }

  func run() async throws {
    let (directory, name) = place()
    let local = LocalProject(directory)
    guard FileManager.default.fileExists(atPath: directory) else {
      throw CommandFailure(.usage, "there is no project folder `\(directory)`")
    }
    let definition: WorkflowDefinition
    do {
      definition = try ProjectCheck(local).workflow(named: name)
    } catch {
      try write(AttemptReport(status: .rejected, diagnostics: error.diagnostics))
      throw CommandFailure(error.exit, error.description)
    }
    let request = try RunRequest(command: self, definition: definition)
    let outcome = try await LocalRun(project: local, request: request).perform()
    try write(outcome.report)
    switch outcome.report.status {
    case .success: return
    case .error: throw ExitCode(Exit.failed.rawValue)
    case .killed: throw ExitCode(Exit.killed.rawValue)
    case .rejected: throw ExitCode(Exit.refused.rawValue)
    }
  }

  /// The project folder and the workflow's name, from what was written.
  private func place() -> (directory: String, name: String) {
    let file = URL(filePath: workflow)
    let name =
      workflow.hasSuffix(".dig")
      ? file.deletingPathExtension().lastPathComponent : file.lastPathComponent
    if let project { return (project, name) }
    return (
      workflow.contains("/") ? file.deletingLastPathComponent().path(percentEncoded: false) : ".",
      name
    )
  }

  private func write(_ outcome: AttemptReport) throws {
    if let report { try outcome.write(to: report) }
  }
}

extension ProgressConsole.Format: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
