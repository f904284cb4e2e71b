import ArgumentParser
import Foundation
import Values
import WorkflowLanguage

/// `tadoru start PROJECT WORKFLOW`: begins an attempt on a server.
struct Start: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Starts a workflow of a project on a server.",
    discussion: """
      --session now is a session nobody had before; a date or time is the session of that time in the workflow's zone. \
      A session that has an attempt already is not started again: `tadoru retry` does that, or another --retry name.
      """
  )

  @Argument(help: "The name of the project.")
  var project: String

  @Argument(help: "The name of the workflow.")
  var workflow: String

  @Option(
    help: ArgumentHelp(
      "The session's time: now, hourly, daily, yyyy-MM-dd, \"yyyy-MM-dd HH:mm:ss\" or ISO 8601.",
      valueName: "time"
    )
  )
  var session = "now"

  @Option(help: ArgumentHelp("The name of the attempt, unique in its session.", valueName: "name"))
  var retry: String?

  @Option(help: ArgumentHelp("A revision other than the latest.", valueName: "name"))
  var revision: String?

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

  @Flag(name: .shortAndLong, help: "Wait for the end, show the log, leave with its exit code.")
  var follow = false

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let server = try remote.server()
    let found = try await server.get(
      "/api/workflow",
      [("project", project), ("name", workflow), ("revision", revision)]
    )
    var body: ObjectValue = ["workflowId": found["id"] ?? .null]
    if let time = try sessionTime(in: found["timezone"]?.string ?? "UTC") {
      body["sessionTime"] = .string(time)
    }
    if let retry { body["retryAttemptName"] = .string(retry) }
    let parameters = try ParameterFile.parameters(files: parameterFiles, pairs: p)
    body["params"] = .object(parameters)
    let (isNew, attempt) = try await server.start(body)
    let record = RemoteRecords.attempt(.object(attempt))
    let id = record["attempt_id"]?.int ?? 0
    guard isNew else {
      throw CommandFailure(
        .failed,
        "A session for the requested session_time already exists (session_id=\(record["session_id"] ?? .null), "
          + "attempt_id=\(id), session_time=\(record["session_time"]?.text ?? ""))",
        hint: "`tadoru retry \(id) --endpoint \(server.endpoint)` runs it again"
      )
    }
    if remote.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
    guard follow else { return }
    let log = RemoteLog(server: server, attempt: id)
    try await log.leave(with: try await log.follow(LogForm(escapes: StandardOutput.isTerminal)))
  }

  /// nil for now, which the server makes a session of its own of.
  private func sessionTime(in timezone: String) throws -> String? {
    guard session != "now" else { return nil }
    do {
      let zone = try ZoneRules(timezone)
      return try SessionTime(parsing: session, in: zone, now: Int64(Wiring.now())).text
    } catch {
      throw CommandFailure(.usage, "`--session`: \(error.message)", hint: error.hint)
    }
  }
}
