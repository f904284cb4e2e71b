import Access
import HTTPTypes
import Values

/// Runs sessions of the past of a schedule.
struct BackfillRoute {
  let rooms: Rooms

  var route: Route {
    Route(
      .post,
      "/api/schedules/{id}/backfill",
      "runs sessions of the past, or lists them",
      .project(.runner, .schedule("id")),
      handler: answer
    ).takes(
      .json(
        .members(
          [
            ("fromTime", .time), ("count?", .integer(1...100_000)),
            ("attemptName?", .text(maximum: 255)), ("dryRun?", .flag),
          ],
          closed: true
        )
      )
    ).gives(
      .json(
        .members([
          ("dryRun", .flag),
          (
            "sessions",
            .list(.members([("sessionTime", .text), ("attemptId", Schema.id.orNull)]))
          ),
        ])
      ),
      errors: [409, 422, 429]
    ).audited("schedule.backfill")
  }

  private func answer(_ exchange: Exchange) async throws -> Answer {
    let entry = try rooms.schedule(exchange)
    let fields = exchange.fields
    guard let from = try fields.time("fromTime") else { throw fields.missing("fromTime") }
    var backfill = ScheduleControl.Backfill(
      schedule: entry.id,
      from: from,
      principal: try exchange.principal
    )
    backfill.count = try fields.integer("count", in: 1...100_000).map { Int($0) }
    backfill.name = try fields.text("attemptName", maximum: 255)
    backfill.isDryRun = try fields.flag("dryRun") ?? false
    let sessions = try await rooms.schedules.backfill(backfill).map { session -> Value in
      [
        "sessionTime": .string(Timestamp.text(session.sessionTime, in: entry.timezone)),
        "attemptId": .id(session.attempt),
      ]
    }
    return .json(["dryRun": .bool(backfill.isDryRun), "sessions": .array(sessions)])
  }
}
