import Access
import HTTPTypes
import Values

/// Who did what.
struct AuditRoutes {
  let rooms: Rooms

  var list: [Route] {
    [
      Route(.get, "/api/audit", "what was changed, newest first", .server(.admin), handler: entries)
        .query(
          Parameter("action", .text(maximum: 100), "only this, such as `attempt.start`"),
          Parameter("user_id", .id, "only what this account did"),
          Parameter("project_id", .id, "only what concerns this project"),
          .lastID,
          .pageSize
        ).gives(.json(Shapes.list("entries", of: "AuditEntry"))),
      Route(
        .get,
        "/api/audit/verify",
        "whether all entries are as they were written",
        .server(.admin)
      ) { _ in
        let verdict = try rooms.audit.verify()
        return .json([
          "intact": .bool(verdict.broken == nil), "count": .int(verdict.count),
          "firstBroken": .id(verdict.broken),
        ])
      }.gives(
        .json(
          .members([("intact", .flag), ("count", .integer()), ("firstBroken", Schema.id.orNull)])
        )
      ),
    ]
  }

  private func entries(_ exchange: Exchange) throws -> Answer {
    let query = exchange.query
    var filter = AuditTrail.Filter(limit: query.page.size)
    filter.lastID = query.page.lastID
    filter.action = query.text("action")
    filter.account = query.number("user_id")
    filter.project = query.number("project_id")
    return .json(["entries": .array(try rooms.audit.entries(filter).map(Self.value))])
  }

  private static func value(_ entry: AuditTrail.Entry) -> Value {
    let event = entry.event
    return [
      "id": .id(entry.id), "time": .time(entry.time), "userId": .id(event.account),
      "actor": .string(event.actor), "tokenId": .id(event.token), "action": .string(event.action),
      "projectId": .id(event.project), "object": .string(event.object),
      "status": .int(Int64(event.status)), "address": .string(event.address),
      "requestId": .string(event.requestID),
    ]
  }
}
