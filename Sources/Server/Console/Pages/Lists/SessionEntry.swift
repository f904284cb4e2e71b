import Values
import WorkflowEngine

/// A session in a list.
struct SessionEntry: Sendable {
  let id: Int64
  let project: ProjectReference
  let workflow: String
  let time: Int64
  let timezone: String
  let attemptCount: Int64
  let lastAttempt: AttemptReference?
  let startedAt: Double?
  let finishedAt: Double?

  var value: Value {
    [
      "id": Encoded.id(id), "project": project.value, "workflow": .string(workflow),
      "sessionTime": Encoded.time(time), "timezone": .string(timezone),
      "attemptCount": .int(attemptCount), "lastAttempt": lastAttempt?.value ?? .null,
      "startedAt": Encoded.time(startedAt), "finishedAt": Encoded.time(finishedAt),
    ]
  }

  static func table(
    _ entries: [SessionEntry],
    _ frame: PageFrame,
    withProject: Bool = true
  ) -> HTML {
    var table = DataTable("Session time", "Workflow", "Status", "Attempts", "Duration", "Started")
    for entry in entries {
      table.add(
        tag("a", .href(entry.attempts)) {
          Moment.text(Double(entry.time), zone: entry.timezone)
        },
        tag("span", .class("pair")) {
          Piece.link(entry.workflow, .workflow(entry.project.id, entry.workflow))
          if withProject {
            tag("span", .class("muted")) { Piece.name(entry.project.name, most: 60) }
          }
        },
        entry.lastAttempt?.html ?? Piece.chip(nil),
        HTML("\(entry.attemptCount)"),
        Elapsed.html(entry.startedAt, entry.finishedAt, now: frame.now),
        entry.startedAt.map { start in
          tag("span", .class("muted")) { Moment.relative(start, now: frame.now) }
        } ?? .empty
      )
    }
    return table.html
  }

  /// The attempt when there is one, else the list of all.
  private var attempts: ConsoleAddress {
    if attemptCount == 1, let lastAttempt { return .attempt(lastAttempt.id) }
    return ConsoleAddress.attempts.query("session", "\(id)")
  }
}

/// How long something took, or has taken so far.
enum Elapsed {
  static func html(_ start: Double?, _ end: Double?, now: Double) -> HTML {
    guard let start else { return .empty }
    return HTML(Moment.duration((end ?? now) - start))
  }
}
