import ArgumentParser
import Values
import WorkflowEngine

/// `tadoru kill N`: asks for the end of an attempt that any process of this machine runs.
struct Kill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ends a running attempt, with all its processes.",
    discussion: """
      The process that runs the attempt sees the request within about a second: running tasks are ended with \
      everything they started, waiting ones never start, and no `_error` runs.
      """
  )

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @OptionGroup var options: PlaceOptions

  func run() async throws {
    if let server = try options.server() { return try await kill(on: server) }
    let history = try options.opened()
    let found = try history.attempt(attempt)
    let store = try AttemptStore(database: Wiring.database(of: history.project))
    guard found.status == .running, try store.requestKill(attempt, at: Wiring.now()) else {
      throw CommandFailure(
        .failed,
        "attempt \(attempt) has ended already: \(try history.attempt(attempt).status.rawValue)"
      )
    }
    if options.json {
      return RecordPrinter.json(["attempt_id": .int(attempt), "kill_requested": true])
    }
    StandardOutput.line("Kill requested for session attempt \(attempt)")
    if try !history.isRunning(attempt) {
      StandardError.line(
        "no process runs it: it is recorded as killed when the project is used next"
      )
    }
  }

  private func kill(on server: RemoteServer) async throws {
    let before = try await server.attempt(attempt)["status"]?.string ?? ""
    guard before == "running" else {
      throw CommandFailure(.failed, "attempt \(attempt) has ended already: \(before)")
    }
    _ = try await server.call("POST", "/api/attempts/\(attempt)/kill")
    if options.json {
      return RecordPrinter.json(["attempt_id": .int(attempt), "kill_requested": true])
    }
    StandardOutput.line("Kill requested for session attempt \(attempt)")
  }
}
