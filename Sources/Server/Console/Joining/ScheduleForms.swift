import Values

/// Forms that move schedules and run sessions of the past.
struct ScheduleForms: Sendable {
  private static let most: ClosedRange<Int64> = 1...100_000

  let rooms: Rooms

  func setEnabled(_ exchange: Exchange, _ isEnabled: Bool) throws -> FormOutcome {
    let entry = try rooms.schedules.setEnabled(exchange.id("id", "schedule"), isEnabled)
    let state = isEnabled ? "enabled" : "disabled"
    return .to(.schedule(entry.id), "The schedule of \(entry.workflow) is \(state).")
  }

  func skip(_ exchange: Exchange) throws -> FormOutcome {
    guard let count = try exchange.fields.number("count", in: Self.most) else {
      throw exchange.fields.missing("count")
    }
    let entry = try rooms.schedules.skip(
      exchange.id("id", "schedule"),
      .count(Int(count)),
      false
    )
    let next = entry.nextSessionTime.map {
      " The next session is \(Moment.text(Double($0), zone: entry.timezone))."
    }
    return .to(.schedule(entry.id), "\(Self.sessions(Int(count))) left out.\(next ?? "")")
  }

  func backfill(_ exchange: Exchange) async throws -> FormOutcome {
    let entry = try rooms.schedule(exchange)
    let fields = exchange.fields
    guard let from = try fields.time("from", zone: entry.timezone) else {
      throw fields.missing("from")
    }
    var backfill = ScheduleControl.Backfill(
      schedule: entry.id,
      from: from,
      principal: try exchange.principal
    )
    backfill.count = try fields.number("count", in: Self.most).map { Int($0) }
    backfill.name = try fields.text("name", maximum: 255)
    backfill.isDryRun = try fields.text("dry_run") == "true"
    let found = try await rooms.schedules.backfill(backfill)
    guard let first = found.first, let last = found.last else {
      return .to(.schedule(entry.id), "There is no session to run.")
    }
    let verb = backfill.isDryRun ? "would run" : "will run"
    let times = [first, last].map { Moment.text(Double($0.sessionTime), zone: entry.timezone) }
    let place = found.count == 1 ? times[0] : "\(times[0]) to \(times[1])"
    return .to(.schedule(entry.id), "\(Self.sessions(found.count)) \(verb): \(place).")
  }

  private static func sessions(_ count: Int) -> String {
    count == 1 ? "1 session" : "\(count) sessions"
  }
}
