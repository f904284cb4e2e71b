import Access
import Server
import Values

extension AccessRooms {
  var audit: AuditTrail {
    AuditTrail(
      append: { try log.append(Self.kept($0)) },
      entries: { try entries($0) },
      verify: {
        switch try log.verify() {
        case .intact(let head): return AuditTrail.Verdict(count: head.position, broken: nil)
        case .broken(let position, _):
          return AuditTrail.Verdict(count: try log.head().position, broken: position)
        }
      }
    )
  }

  /// Entries that a filter wants, from as many pages as it takes.
  private func entries(_ filter: AuditTrail.Filter) throws -> [AuditTrail.Entry] {
    var found: [AuditTrail.Entry] = []
    var last = filter.lastID
    while found.count < filter.limit {
      let page = try log.entries(before: last, limit: 1000)
      guard let oldest = page.last else { break }
      last = oldest.position
      for entry in page.map(Self.shown) where Self.wants(entry.event, filter) {
        found.append(entry)
        if found.count == filter.limit { break }
      }
    }
    return found
  }

  private static func wants(_ event: AuditTrail.Event, _ filter: AuditTrail.Filter) -> Bool {
    (filter.action == nil || event.action == filter.action)
      && (filter.account == nil || event.account == filter.account)
      && (filter.project == nil || event.project == filter.project)
  }

  /// What the log has no column for is kept as what came of it.
  private static func kept(_ event: AuditTrail.Event) -> AuditEvent {
    var outcome: ObjectValue = [
      "status": .int(Int64(event.status)), "request": .string(event.requestID),
    ]
    if let project = event.project { outcome["project"] = .int(project) }
    return AuditEvent(
      by: AuditActor(
        account: event.account,
        name: event.actor,
        token: event.token,
        address: event.address
      ),
      action: event.action,
      target: event.object,
      outcome: event.status < 400 ? .done : event.status < 500 ? .refused : .failed,
      change: AuditChange(after: JSON.encode(.object(outcome)))
    )
  }

  private static func shown(_ entry: AuditEntry) -> AuditTrail.Entry {
    let event = entry.event
    let outcome = event.change.after.flatMap(Self.members) ?? [:]
    return AuditTrail.Entry(
      id: entry.position,
      time: Double(entry.at) / 1000,
      event: AuditTrail.Event(
        account: event.actor.account,
        actor: event.actor.name,
        token: event.actor.token,
        action: event.action,
        project: outcome["project"]?.int,
        object: event.target,
        status: Int(outcome["status"]?.int ?? 0),
        address: event.actor.address,
        requestID: outcome["request"]?.string ?? ""
      )
    )
  }

  private static func members(_ text: String) -> ObjectValue? {
    do { return try JSON.decode(text).object } catch {
      return nil  // why: an entry that was not made by a request has no such members
    }
  }
}
