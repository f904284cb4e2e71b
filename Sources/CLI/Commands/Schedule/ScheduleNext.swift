import ArgumentParser
import Foundation
import Values
import WorkflowLanguage

/// `tadoru schedule next`: one session of a schedule.
struct ScheduleNext: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next",
    abstract: "Finds one session of a schedule given as JSON.",
    discussion: """
      tadoru schedule next --spec '{"daily>": "07:00:00"}' --timezone Asia/Tokyo --at 2024-05-02

      The session time says what a run is about, the run time when it starts. A schedule that is over gives \
      9999-01-01T00:00:00+00:00.
      """
  )

  /// Which session is asked for.
  enum Question: String, CaseIterable, ExpressibleByArgument { case first, next, last }

  @Option(help: ArgumentHelp("The map under `schedule:`, as JSON.", valueName: "json"))
  var spec: String

  @Option(help: ArgumentHelp("The zone of the workflow.", valueName: "zone"))
  var timezone = "UTC"

  @Option(help: ArgumentHelp("A moment (first) or a session time (next, last).", valueName: "time"))
  var at = "now"

  @Option(
    help: "first: whose run time is at or after a moment; next, last: after, before a session time."
  )
  var fn: Question = .next

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let spec = try decoded()
    let found: ScheduleTime
    let zone: ZoneRules
    do {
      let schedule = try Schedule(spec, timezone: timezone)
      zone = schedule.zone
      let time = try SessionTime(
        parsing: at,
        in: zone,
        now: Int64(Date().timeIntervalSince1970)
      ).unixTime
      found =
        switch fn {
        case .first: schedule.first(at: time)
        case .next: schedule.next(after: time)
        case .last: schedule.last(before: time) ?? .never
        }
    } catch {
      throw CommandFailure(.refused, error.message, hint: error.hint)
    }
    let (session, run) = try texts(found, in: zone)
    let answer: ObjectValue = ["session_time": .string(session), "run_time": .string(run)]
    StandardOutput.line(json ? JSON.encode(.object(answer)) : "session \(session), runs at \(run)")
  }

  private func decoded() throws(CommandFailure) -> ObjectValue {
    do {
      if let map = try JSON.decode(spec).object { return map }
    } catch {
      throw CommandFailure(.usage, "`--spec` is no JSON: \(error)")
    }
    throw CommandFailure(
      .usage,
      "`--spec` must be a JSON object such as `{\"daily>\": \"07:00:00\"}`"
    )
  }

  private func texts(
    _ time: ScheduleTime,
    in zone: ZoneRules
  ) throws -> (session: String, run: String) {
    let zone = time == .never ? try ZoneRules("UTC") : zone
    return (SessionTime(time.sessionTime, in: zone).text, SessionTime(time.runTime, in: zone).text)
  }
}
