import ArgumentParser
import Values
import WorkflowEngine

/// `tadoru sessions`: what was run for which time.
struct Sessions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the sessions of a project, the last used first.",
    discussion: "A session is a workflow and a time. Its status is that of its last attempt."
  )

  @Argument(help: "Only those of this workflow.")
  var workflow: String?

  @Option(help: ArgumentHelp("How many sessions.", valueName: "n"))
  var limit = 100

  @OptionGroup var options: PlaceOptions

  func run() async throws {
    let name = workflow.map { $0.hasSuffix(".dig") ? String($0.dropLast(4)) : $0 }
    let sessions = try await sessions(of: name)
    if options.json { return RecordPrinter.json(sessions) }
    RecordPrinter.table(
      sessions,
      ["session_id", "workflow", "session_time", "attempts", "last_attempt_id", "status"]
    )
  }
}

extension Sessions {
  private func sessions(of name: String?) async throws -> [ObjectValue] {
    guard let server = try options.server() else {
      return try options.opened().attempts.sessions(workflow: name, limit: limit).map(\.value)
    }
    return try await server.list(
      "sessions",
      "/api/sessions",
      [("project", options.project), ("workflow", name), ("page_size", "\(limit)")]
    ).map(RemoteRecords.session)
  }
}

/// `tadoru attempts`: every run of every session.
struct Attempts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the attempts of a project, newest first."
  )

  @Option(help: ArgumentHelp("Only those of this session.", valueName: "number"))
  var session: Int64?

  @Option(help: ArgumentHelp("How many attempts.", valueName: "n"))
  var limit = 100

  @OptionGroup var options: PlaceOptions

  func run() async throws {
    let records = try await records()
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

extension Attempts {
  private func records() async throws -> [ObjectValue] {
    guard let server = try options.server() else { return try localRecords() }
    if let session {
      return try await server.list("attempts", "/api/sessions/\(session)/attempts")
        .prefix(limit).map(RemoteRecords.attempt)
    }
    let query = [
      ("project", options.project), ("page_size", "\(limit)"), ("include_retried", "true"),
    ]
    return try await server.list("attempts", "/api/attempts", query).map(RemoteRecords.attempt)
  }

  private func localRecords() throws -> [ObjectValue] {
    let history = try options.opened()
    let attempts = try history.attempts.attempts(session: session, limit: limit)
    if let session, attempts.isEmpty {
      throw CommandFailure(
        .usage,
        "session \(session) has no attempts in `\(history.project.directory)`",
        hint: "`tadoru sessions` lists those that have"
      )
    }
    return attempts.map(\.value)
  }
}

/// `tadoru attempt N`: one of them in full.
struct Attempt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows one attempt.")

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @OptionGroup var options: PlaceOptions

  func run() async throws {
    let record: ObjectValue
    if let server = try options.server() {
      record = RemoteRecords.attempt(.object(try await server.attempt(attempt)))
    } else {
      record = try options.opened().attempt(attempt).value
    }
    if options.json { return RecordPrinter.json(record) }
    RecordPrinter.lines(record)
  }
}
