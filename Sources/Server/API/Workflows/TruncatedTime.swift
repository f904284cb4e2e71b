import Access
import Foundation
import HTTPTypes
import Projects
import Values

/// The beginning of the hour or the day that a moment is in, as a workflow's zone has it; or that of its schedule.
struct TruncatedTime {
  let rooms: Rooms

  var route: Route {
    Route(
      .get,
      "/api/workflows/{id}/truncated_session_time",
      "the session time a moment belongs to",
      .project(.viewer, .workflow("id")),
      handler: answer
    ).query(
      Parameter("session_time", .text(maximum: 40), "a moment", required: true),
      Parameter("mode", .oneOf(["hour", "day"]), "what is cut off, else nothing")
    ).gives(
      .json(
        .members([
          ("project", .named("Name")), ("revision", .text), ("sessionTime", .text),
          ("timeZone", .text),
        ])
      )
    )
  }

  private func answer(_ exchange: Exchange) throws -> Answer {
    let id = try exchange.id("id", "workflow")
    let (revision, name) = try rooms.workflow(id)
    guard let workflow = try rooms.projects.workflows(revision).first(where: { $0.name == name })
    else { throw Missing.object("workflow", id) }
    let zone = TimeZone(identifier: workflow.timezone) ?? .gmt
    let text = exchange.query.text("session_time") ?? ""
    guard let moment = Timestamp.parse(text, in: zone) else {
      throw ServerError(.badRequest, "`session_time` must be \(Timestamp.expected)")
    }
    let time = Self.truncated(moment, to: exchange.query.text("mode"), in: zone)
    return .json([
      "project": .named(revision.project, revision.projectName),
      "revision": .string(revision.name),
      "sessionTime": .string(Timestamp.text(time, in: workflow.timezone)),
      "timeZone": .string(workflow.timezone),
    ])
  }

  static func truncated(_ moment: Int64, to unit: String?, in zone: TimeZone) -> Int64 {
    let unit: Calendar.Component? =
      switch unit {
      case "hour": .hour
      case "day": .day
      default: nil
      }
    guard let unit else { return moment }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let start = calendar.dateInterval(of: unit, for: Date(timeIntervalSince1970: Double(moment)))
    return start.map { Int64($0.start.timeIntervalSince1970) } ?? moment
  }
}
