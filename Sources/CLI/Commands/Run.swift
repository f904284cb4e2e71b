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

  func limits() throws(CommandFailure) -> AttemptLimits {
    AttemptLimits(
      tasks: taskLimit,
      taskTime: try duration(taskTimeout, of: "--task-timeout"),
      attemptTime: try duration(attemptTimeout, of: "--attempt-timeout")
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

  func run() async throws {
    // A reader of the output that goes away does not end the attempt.
    signal(SIGPIPE, SIG_IGN)
    let (directory, name) = try place()
    let local = try LocalProject.found(directory)
    try checkReport()
    let definition: WorkflowDefinition
    do {
      definition = try ProjectCheck(local).workflow(named: name)
    } catch {
      try write(AttemptReport(status: .rejected, diagnostics: error.diagnostics))
      throw CommandFailure(error.exit, error.description)
    }
    let outcome: LocalRun.Outcome
    do {
      let request = try RunRequest(command: self, definition: definition)
      outcome = try await LocalRun(project: local, request: request).perform()
    } catch {
      let report = AttemptReport(status: .error, diagnostics: [Diagnostic(.error, "\(error)")])
      do {
        try write(report)
      } catch let second {
        StandardError.line("error: \(second)")
      }
      throw error
    }
    try write(outcome.report)
    switch outcome.report.status {
    case .success: return
    case .error: throw ExitCode(Exit.failed.rawValue)
    case .killed: throw ExitCode(Exit.killed.rawValue)
    case .rejected: throw ExitCode(Exit.refused.rawValue)
    }
  }

  /// The project folder and the workflow's name, from what was written.
  ///
  /// - Throws: ``CommandFailure`` `usage` for a folder without a workflow.
  private func place() throws(CommandFailure) -> (directory: String, name: String) {
    let file = URL(filePath: workflow)
    try refuseFolder()
    let name =
      workflow.hasSuffix(".dig")
      ? file.deletingPathExtension().lastPathComponent : file.lastPathComponent
    if let project { return (project, name) }
    return (
      workflow.contains("/") ? file.deletingLastPathComponent().path(percentEncoded: false) : ".",
      name
    )
  }

  private func refuseFolder() throws(CommandFailure) {
    let found = LocalProject(workflow)
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard project == nil, !workflow.hasSuffix(".dig"),
      files.fileExists(atPath: found.directory, isDirectory: &isFolder), isFolder.boolValue,
      !files.fileExists(atPath: found.directory + ".dig")
    else { return }
    // why: a folder that cannot be listed has no workflows to name
    let names = (try? files.contentsOfDirectory(atPath: found.directory)) ?? []
    let workflows = names.filter { $0.hasSuffix(".dig") }.sorted()
    throw CommandFailure(
      .usage,
      "`\(workflow)` is a folder, expected a workflow",
      hint: workflows.isEmpty
        ? "it has no .dig file; `tadoru init DIR` makes a small project"
        : "name one of its files: "
          + workflows.prefix(5).map { "`\(found.directory)/\($0)`" }.joined(separator: ", ")
    )
  }

  /// The report is promised before anything runs.
  private func checkReport() throws(CommandFailure) {
    guard let report else { return }
    let folder = URL(filePath: report).deletingLastPathComponent().path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue, access(folder, W_OK) == 0
    else {
      throw CommandFailure(
        .usage,
        "`--report \(report)`: there is no folder `\(folder)` that can be written to"
      )
    }
  }

  private func write(_ outcome: AttemptReport) throws {
    if let report { try outcome.write(to: report) }
  }
}

extension ProgressConsole.Format: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
