import ArgumentParser
import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// `tadoru retry N`: another attempt of the same session.
struct Retry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the session of an attempt again, from where it failed.",
    discussion: """
      A new attempt of the same session begins and runs here. Unless told otherwise it runs the workflow as it is \
      now (--latest-revision) and takes over what succeeded (--resume).

      The parameters of the attempt are kept, -p adds to them. `--resume failed`, `--resume from +task` and \
      `--resume all` say the same as --resume, --resume-from +task and --all.
      """
  )

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @Flag(help: "Run the workflow as it is in the project now (the default).")
  var latestRevision = false

  @Flag(
    help:
      "Run the workflow as it was when the attempt began; files that tasks use are those of now."
  )
  var keepRevision = false

  @Flag(help: "Run every task.")
  var all = false

  @Flag(help: "Run what has not succeeded (the default).")
  var resume = false

  @Option(help: ArgumentHelp("Run this task and all that follow.", valueName: "+task"))
  var resumeFrom: String?

  @Argument(help: ArgumentHelp("What --resume is followed by.", visibility: .hidden))
  var words: [String] = []

  @Option(
    help: ArgumentHelp(
      "The name of the new attempt, unique in its session (default: made up).",
      valueName: "name"
    )
  )
  var name: String?

  @Option(
    name: .short,
    help: ArgumentHelp("A parameter that is added or replaced.", valueName: "name=value")
  )
  var p: [String] = []

  @OptionGroup var history: PlaceOptions
  @OptionGroup var options: RunOptions

  mutating func validate() throws {
    try readWords()
    guard !(latestRevision && keepRevision) else {
      throw ValidationError("only one of --latest-revision and --keep-revision can be given")
    }
    guard [all, resume, resumeFrom != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("only one of --all, --resume and --resume-from can be given")
    }
    guard name?.isEmpty != true else { throw ValidationError("--name must not be empty") }
  }

  /// `failed`, `all` or `from +task` behind `--resume`.
  private mutating func readWords() throws {
    guard let word = words.first else { return }
    guard resume else { throw ValidationError("unexpected `\(word)`") }
    switch (word, words.count) {
    case ("failed", 1): break
    case ("all", 1): (resume, all) = (false, true)
    case ("from", 2): (resume, resumeFrom) = (false, words[1])
    default:
      throw ValidationError(
        "--resume takes `failed`, `from +task` or `all`, found `\(words.joined(separator: " "))`"
      )
    }
    words = []
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    if let server = try history.server() { return try await retry(on: server) }
    let opened = try history.opened()
    let old = try opened.attempt(attempt)
    let added = try ParameterFile.parameters(files: [], pairs: p)
    let host = try options.host()
    let report = try await host.serve {
      let project = try host.open(opened.project)
      try refuseRunning(old, opened, project)
      let request = try request(opened.attempt(attempt), project, adding: added)
      return try await LocalRun(host: host, project: project, request: request)
        .perform(closingOthers: true)
    }
    if history.json { RecordPrinter.json(report.value.object ?? [:]) }
    try report.leave()
  }

  /// Of a session only one attempt runs at a time; one that was cut off is recorded as ended first.
  private func refuseRunning(
    _ old: AttemptSummary,
    _ opened: ProjectHistory,
    _ project: OpenProject
  ) throws {
    guard old.project == opened.project.name else {
      throw CommandFailure(
        .failed,
        "attempt \(old.id) belongs to project `\(old.project)`, the folder is named `\(opened.project.name)` now",
        hint: "name the folder `\(old.project)` again"
      )
    }
    let session = try opened.attempts.attempts(session: old.session, limit: 1000)
    guard let lock = try SessionLock.ifFree(project: opened.project, session: old.session) else {
      let running = session.first { $0.status == .running }?.id ?? old.id
      throw CommandFailure(
        .failed,
        "session \(old.session) is running: attempt \(running)",
        hint:
          "wait for it (`tadoru log \(running) --follow`), or end it with `tadoru kill \(running)`"
      )
    }
    try withExtendedLifetime(lock) {
      for cutOff in session where cutOff.status == .running {
        try project.abandoned.close(cutOff.id)
      }
    }
    if let name, let other = session.first(where: { $0.name == name }) {
      throw CommandFailure(
        .failed,
        "A session for the requested session_time already exists (session_id=\(old.session), "
          + "attempt_id=\(other.id), session_time=\(old.sessionTimeText)): its attempt is named `\(name)`",
        hint: "choose another --name, or leave it out"
      )
    }
  }

  private func request(
    _ old: AttemptSummary,
    _ project: OpenProject,
    adding added: ObjectValue
  ) throws -> RunRequest {
    let rule: ResumeRule?
    do {
      rule =
        all
        ? nil
        : try resumeFrom.map {
          try ResumePlan.from($0, of: old, tasks: project.history.tasks(of: old.id))
        } ?? ResumePlan.failed(of: old)
    } catch let error as EngineError {
      throw CommandFailure(
        .failed,
        error.message,
        hint: old.status == .success ? "`--all` runs everything again" : nil
      )
    }
    var request = RunRequest(
      definition: try definition(old, project),
      session: .at(old.sessionTime)
    )
    request.parameters = old.parameters.merging(added)
    request.earlier = .resumed(rule)
    request.name =
      try name ?? project.history.attempts(session: old.session, limit: Int.max).freeName
    return request
  }

  private func definition(
    _ old: AttemptSummary,
    _ project: OpenProject
  ) throws -> WorkflowDefinition {
    guard keepRevision else {
      do {
        return try ProjectCheck(project.project).workflow(named: old.workflow)
      } catch {
        throw CommandFailure(error.exit, error.description)
      }
    }
    guard let hash = try project.store.attempt(old.id).definition,
      let kept = try project.store.definition(hash)
    else {
      throw CommandFailure(
        .failed,
        "the workflow of attempt \(old.id) was not kept: an earlier version ran it",
        hint: "`--latest-revision` runs the workflow as it is now"
      )
    }
    return kept
  }
}
