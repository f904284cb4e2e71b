import ArgumentParser
import Values

/// `tadoru schedules`: the schedules of a server.
struct Schedules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the schedules of a server, enables or disables one.",
    discussion: "`last_skip` tells which session was left out last, and why."
  )

  @Argument(help: "Only that of this number.")
  var schedule: Int64?

  @Flag(help: "Let it start sessions again; those that were missed meanwhile are left out.")
  var enable = false

  @Flag(help: "Let it start no more sessions.")
  var disable = false

  @Option(help: ArgumentHelp("Show the next so many firings.", valueName: "n"))
  var next: Int?

  @OptionGroup var remote: RemoteOptions

  func validate() throws {
    guard !(enable && disable) else {
      throw ValidationError("only one of --enable and --disable can be given")
    }
    guard schedule != nil || !(enable || disable || next != nil) else {
      throw ValidationError("--enable, --disable and --next take the number of a schedule")
    }
  }

  func run() async throws {
    let server = try remote.server()
    guard let schedule else {
      let records = try await server.list("schedules", "/api/schedules").map(RemoteRecords.schedule)
      if remote.json { return RecordPrinter.json(records) }
      return RecordPrinter.table(
        records,
        [
          "id", "project", "workflow", "disabled_at", "next_session_time", "next_run_time",
          "last_skip",
        ]
      )
    }
    if let next { return try await show(next, of: schedule, server) }
    let path = "/api/schedules/\(schedule)"
    let answer =
      enable || disable
      ? try await server.call("POST", path + (enable ? "/enable" : "/disable"))
      : try await server.get(path)
    let record = RemoteRecords.schedule(.object(answer))
    if remote.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
  }

  private func show(_ count: Int, of schedule: Int64, _ server: RemoteServer) async throws {
    let path = "/api/schedules/\(schedule)/upcoming"
    let records = try await server.list("upcoming", path, [("count", "\(count)")]).map {
      value -> ObjectValue in
      [
        "session_time": value.object?["sessionTime"] ?? .null,
        "run_time": value.object?["runTime"] ?? .null,
      ]
    }
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["session_time", "run_time"])
  }
}

/// `tadoru reschedule N`: a schedule leaves sessions out.
struct Reschedule: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Moves a schedule of a server on, so that sessions are left out."
  )

  @Argument(help: "The number of the schedule.")
  var schedule: Int64

  @Option(help: ArgumentHelp("Leave the next so many sessions out.", valueName: "n"))
  var skip: Int?

  @Option(help: ArgumentHelp("Leave sessions before this time out (ISO 8601).", valueName: "time"))
  var skipTo: String?

  @Flag(name: .shortAndLong, help: "Show where the schedule would stand.")
  var dryRun = false

  @OptionGroup var remote: RemoteOptions

  func validate() throws {
    guard (skip == nil) != (skipTo == nil) else {
      throw ValidationError("one of --skip and --skip-to must be given")
    }
  }

  func run() async throws {
    var body: ObjectValue = ["dryRun": .bool(dryRun)]
    if let skip { body["count"] = .int(Int64(skip)) }
    if let skipTo { body["nextTime"] = .string(skipTo) }
    let answer = try await remote.server().call(
      "POST",
      "/api/schedules/\(schedule)/skip",
      [],
      body
    )
    let record = RemoteRecords.schedule(.object(answer))
    if remote.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
  }
}
