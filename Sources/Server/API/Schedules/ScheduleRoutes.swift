import Access
import HTTPTypes
import Projects
import Values

/// Schedules of the latest revisions: when they fire, and moving them.
struct ScheduleRoutes {
  let rooms: Rooms

  private static let editor = Requirement.project(.editor, .schedule("id"))
  private static let one = Route.Answers.json(.named("Schedule"))
  private static let many = Route.Answers.json(Shapes.list("schedules", of: "Schedule"))

  var list: [Route] { looking + changing + [BackfillRoute(rooms: rooms).route] }

  private var looking: [Route] {
    [
      Route(.get, "/api/schedules", "the schedules", .signedIn, handler: all)
        .query(.lastID, .pageSize).gives(Self.many),
      Route(
        .get,
        "/api/projects/{id}/schedules",
        "the schedules of a project",
        .project(.viewer, .project("id")),
        handler: ofProject
      ).query(Parameter("workflow", .text(), "only that of this workflow"), .lastID, .pageSize)
        .gives(Self.many),
      Route(
        .get,
        "/api/schedules/{id}",
        "a schedule",
        .project(.viewer, .schedule("id"))
      ) { exchange in .json(try value(of: rooms.schedule(exchange))) }.gives(Self.one),
      Route(
        .get,
        "/api/schedules/{id}/upcoming",
        "when it fires next",
        .project(.viewer, .schedule("id")),
        handler: upcoming
      ).query(Parameter("count", .integer(1...1000), "how many", usual: "10"))
        .gives(
          .json(
            .members([("upcoming", .list(.members([("sessionTime", .text), ("runTime", .time)])))])
          )
        ),
    ]
  }

  private var changing: [Route] {
    [
      Route(
        .post,
        "/api/schedules/{id}/skip",
        "leaves sessions out: so many, or all before a time",
        Self.editor,
        handler: skip
      ).takes(
        .json(
          .members(
            [
              ("count?", .integer(1...100_000)), ("nextTime?", .time), ("fromTime?", .time),
              ("dryRun?", .flag),
            ],
            closed: true
          )
        )
      ).gives(Self.one, errors: [409]).audited("schedule.skip"),
      Route(.post, "/api/schedules/{id}/enable", "lets it fire again", Self.editor) { exchange in
        let entry = try rooms.schedules.setEnabled(exchange.id("id", "schedule"), true)
        return .json(try value(of: entry))
      }.gives(Self.one).audited("schedule.enable"),
      Route(.post, "/api/schedules/{id}/disable", "keeps it from firing", Self.editor) { exchange in
        let entry = try rooms.schedules.setEnabled(exchange.id("id", "schedule"), false)
        return .json(try value(of: entry))
      }.gives(Self.one).audited("schedule.disable"),
    ]
  }

  private func all(_ exchange: Exchange) throws -> Answer {
    let principal = try exchange.principal
    return try answer(rooms.schedules.list(nil).filter { principal.sees($0.project) }, exchange)
  }

  private func ofProject(_ exchange: Exchange) throws -> Answer {
    let name = exchange.query.text("workflow")
    return try answer(
      rooms.schedules.list(exchange.project).filter { name == nil || $0.workflow == name },
      exchange
    )
  }

  private func answer(_ entries: [ScheduleControl.Entry], _ exchange: Exchange) throws -> Answer {
    let page = exchange.query.page
    let shown = entries.sorted { $0.id < $1.id }.filter { $0.id > page.lastID ?? 0 }
      .prefix(page.size)
    return .json(["schedules": .array(try shown.map(value))])
  }

  private func upcoming(_ exchange: Exchange) throws -> Answer {
    let entry = try rooms.schedule(exchange)
    let count = Int(exchange.query.number("count") ?? 10)
    let times = try rooms.schedules.upcoming(entry.id, count).map { next -> Value in
      [
        "sessionTime": .string(Timestamp.text(next.session, in: entry.timezone)),
        "runTime": .time(Double(next.run)),
      ]
    }
    return .json(["upcoming": .array(times)])
  }

  private func skip(_ exchange: Exchange) throws -> Answer {
    let fields = exchange.fields
    let count = try fields.integer("count", in: 1...100_000)
    let time = try fields.time("nextTime")
    _ = try fields.time("fromTime")
    let skip: ScheduleControl.Skip
    switch (count, time) {
    case (let count?, nil): skip = .count(Int(count))
    case (nil, let time?): skip = .to(time)
    case (nil, nil), (.some, .some):
      throw ServerError(.badRequest, "either `count` or `nextTime` must be given")
    }
    let entry = try rooms.schedules.skip(
      exchange.id("id", "schedule"),
      skip,
      fields.flag("dryRun") ?? false
    )
    return .json(try value(of: entry))
  }

  private func value(of entry: ScheduleControl.Entry) throws -> Value {
    let latest = try rooms.projects.project(entry.project)?.latest
    let number = latest.flatMap { WorkflowNumber(of: entry.workflow, in: $0)?.id }
    return [
      "id": .id(entry.id), "project": .named(entry.project, entry.projectName),
      "workflow": ["id": .id(number), "name": .string(entry.workflow)],
      "timezone": .string(entry.timezone), "schedule": .object(entry.schedule),
      "nextRunTime": .time(entry.nextRunTime.map(Double.init)),
      "nextScheduleTime": .text(
        entry.nextSessionTime.map { Timestamp.text($0, in: entry.timezone) }
      ),
      "lastScheduleTime": .text(
        entry.lastSessionTime.map { Timestamp.text($0, in: entry.timezone) }
      ),
      "disabledAt": .time(entry.disabledAt), "lastSkip": .text(entry.lastSkip),
    ]
  }
}

extension Rooms {
  /// The schedule in the path.
  func schedule(_ exchange: Exchange) throws -> ScheduleControl.Entry {
    let id = try exchange.id("id", "schedule")
    guard let entry = try schedules.list(exchange.project).first(where: { $0.id == id }) else {
      throw Missing.object("schedule", id)
    }
    return entry
  }
}
