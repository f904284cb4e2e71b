import ArgumentParser
import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// `tadoru backfill`: runs past sessions of a schedule.
struct Backfill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the sessions of a schedule from a time on, one after another.",
    discussion: """
      The sessions are those of the workflow's schedule, from the first at or after --from up to the one before \
      the session that is due next.

      Without --name, sessions whose last attempt succeeded are left out, and one that failed goes on from where it \
      failed. With --name every session is run anew under that name; repeating the command with the same name \
      leaves out what succeeded under it.
      """
  )

  @Argument(help: "The workflow's name.")
  var workflow: String

  @Option(help: ArgumentHelp("The time of the first session.", valueName: "time"))
  var from: String

  @Option(help: ArgumentHelp("The first so many sessions.", valueName: "n"))
  var count: Int?

  @Option(help: ArgumentHelp("The name of the new attempts.", valueName: "name"))
  var name: String?

  @Option(
    name: .short,
    help: ArgumentHelp("A parameter; its value is text.", valueName: "name=value")
  )
  var p: [String] = []

  @Flag(name: .shortAndLong, help: "List the sessions and run nothing.")
  var dryRun = false

  @Flag(help: "Go on with the next session after one that failed.")
  var continueOnError = false

  @OptionGroup var place: PlaceOptions

  @OptionGroup var options: RunOptions

  private static let mostSessions = 10_000

  func validate() throws {
    if let count, !(1...Self.mostSessions).contains(count) {
      throw ValidationError("--count must be 1 to 10,000, found \(count)")
    }
    guard name?.isEmpty != true else { throw ValidationError("--name must not be empty") }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    if let server = try place.server() { return try await backfill(on: server) }
    let local = try LocalProject.found(place.project ?? ".")
    let definition: WorkflowDefinition
    do {
      definition = try ProjectCheck(local).workflow(named: workflow)
    } catch {
      throw CommandFailure(error.exit, error.description)
    }
    let schedule = try schedule(of: definition)
    let sessions = try sessions(schedule)
    let host = try options.host()
    let parameters = try ParameterFile.parameters(files: [], pairs: p)
    let results = try await host.serve {
      let run = BackfillRun(
        host: host,
        project: try host.open(local),
        definition: definition,
        zone: schedule.zone,
        name: name,
        parameters: parameters
      )
      return try await run.perform(
        sessions,
        isDryRun: dryRun,
        continuesOnError: continueOnError
      )
    }
    try show(results)
  }

  private func schedule(of definition: WorkflowDefinition) throws(CommandFailure) -> Schedule {
    guard let raw = definition.schedule else {
      throw CommandFailure(
        .failed,
        "workflow `\(definition.name)` has no `schedule:`, which says what its sessions are",
        hint: "`tadoru run \(definition.name) --session TIME` runs one session"
      )
    }
    do {
      return try Schedule(raw, timezone: definition.timezone)
    } catch {
      throw CommandFailure(.refused, error.message, hint: error.hint)
    }
  }

  private func sessions(_ schedule: Schedule) throws(CommandFailure) -> [ScheduleTime] {
    let now = Int64(Wiring.now())
    let start: SessionTime
    do {
      start = try SessionTime(parsing: from, in: schedule.zone, now: now)
    } catch {
      throw CommandFailure(.usage, "`--from`: \(error.message)", hint: error.hint)
    }
    let sessions = BackfillRange.sessions(
      of: schedule,
      from: start.unixTime,
      before: schedule.first(at: now).sessionTime,
      limit: count ?? Self.mostSessions + 1
    )
    guard sessions.count <= Self.mostSessions else {
      throw CommandFailure(
        .usage,
        "there are more than 10,000 sessions since \(start.text)",
        hint: "`--count N` takes the first N"
      )
    }
    guard !sessions.isEmpty else {
      throw CommandFailure(
        .failed,
        "the schedule has no past session from \(start.text) on",
        hint: "`tadoru schedule preview \(workflow)` lists the coming ones"
      )
    }
    return sessions
  }

  private func show(_ results: [BackfillRun.Result]) throws {
    if place.json {
      RecordPrinter.json(results.map(\.value))
    } else if dryRun {
      RecordPrinter.table(results.map(\.value), ["session_time", "plan", "attempt_id"])
    }
    if results.contains(where: { $0.status == .killed }) {
      throw ExitCode(Exit.killed.rawValue)
    }
    if results.contains(where: { $0.status == .error || $0.status == .rejected }) {
      throw ExitCode(Exit.failed.rawValue)
    }
  }
}
