import ArgumentParser
import Values
import WorkflowEngine

/// `tadoru sessions`: what was run for which time.
struct Sessions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the sessions of a project, the last used first.",
    discussion: "A session is a workflow and a time. Its status is that of its last attempt."
  )

  @Argument(help: "Only those of this workflow.")
  var workflow: String?

  @Option(help: ArgumentHelp("How many sessions.", valueName: "n"))
  var limit = 100

  @OptionGroup var options: HistoryOptions

  func run() throws {
    let name = workflow.map { $0.hasSuffix(".dig") ? String($0.dropLast(4)) : $0 }
    let sessions = try options.opened().attempts
      .sessions(workflow: name, limit: limit).map(\.value)
    if options.json { return RecordPrinter.json(sessions) }
    RecordPrinter.table(
      sessions,
      ["session_id", "workflow", "session_time", "attempts", "last_attempt_id", "status"]
    )
  }
}

/// `tadoru attempts`: every run of every session.
struct Attempts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the attempts of a project, newest first."
  )

  @Option(help: ArgumentHelp("Only those of this session.", valueName: "number"))
  var session: Int64?

  @Option(help: ArgumentHelp("How many attempts.", valueName: "n"))
  var limit = 100

  @OptionGroup var options: HistoryOptions

  func run() throws {
    let history = try options.opened()
    let attempts = try history.attempts.attempts(session: session, limit: limit)
    if let session, attempts.isEmpty {
      throw CommandFailure(
        .usage,
        "session \(session) has no attempts in `\(history.project.directory)`",
        hint: "`tadoru sessions` lists those that have"
      )
    }
    let records = attempts.map(\.value)
    if options.json { return RecordPrinter.json(records) }
    RecordPrinter.table(
      records,
      [
        "attempt_id", "session_id", "workflow", "session_time", "retry_attempt_name", "created_at",
        "finished_at", "status",
      ]
    )
  }
}

/// `tadoru attempt N`: one of them in full.
struct Attempt: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows one attempt.")

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @OptionGroup var options: HistoryOptions

  func run() throws {
    let record = try options.opened().attempt(attempt).value
    if options.json { return RecordPrinter.json(record) }
    RecordPrinter.lines(record)
  }
}
