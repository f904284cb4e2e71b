import ArgumentParser
import Foundation
import Values
import WorkflowEngine
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

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard [rerun, start != nil, goal != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("only one of --rerun, --start and --goal can be given")
    }
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
    let outcome: AttemptReport
    do {
      outcome = try await perform(definition, in: local)
    } catch {
      let report = AttemptReport(status: .error, diagnostics: [Diagnostic(.error, "\(error)")])
      do {
        try write(report)
      } catch let second {
        StandardError.line("error: \(second)")
      }
      throw error
    }
    try write(outcome)
    try outcome.leave()
  }

  private func perform(
    _ definition: WorkflowDefinition,
    in local: LocalProject
  ) async throws -> AttemptReport {
    var request = RunRequest(definition: definition, session: .written(session))
    request.parameters = try ParameterFile.parameters(files: parameterFiles, pairs: p)
    request.hasParameters = !parameterFiles.isEmpty || !p.isEmpty
    request.isDryRun = dryRun
    request.earlier = .continued(
      rerun ? .all : start.map { .from($0) } ?? goal.map { .only($0) } ?? .none
    )
    let host = try options.host()
    return try await host.serve { [request] in
      let project = try host.open(local)
      return try await LocalRun(host: host, project: project, request: request)
        .perform(closingOthers: true)
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
