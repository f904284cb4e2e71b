import Projects
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// What people ask of schedules.
extension ServerScheduler {
  private static let mostUpcoming = 10_000

  var control: ScheduleControl {
    ScheduleControl(
      list: { try self.schedules.records(project: $0).compactMap(self.entry) },
      upcoming: { try self.upcoming($0, $1) },
      skip: { try self.skip($0, $1, isDryRun: $2) },
      backfill: { try self.backfill($0) },
      setEnabled: { try self.setEnabled($0, $1) },
      revisionPushed: { try self.refresh($0, from: $1) }
    )
  }

  /// A schedule of the latest revision of its project.
  ///
  /// - Throws: ``ServerError`` `notFound`.
  func known(_ id: Int64) throws -> (ScheduleRecord, Scheduled) {
    if let record = try schedules.record(id), let workflow = scheduled(record) {
      return (record, workflow)
    }
    throw ServerError(.notFound, "there is no schedule \(id)")
  }

  private func upcoming(_ id: Int64, _ count: Int) throws -> [(session: Int64, run: Int64)] {
    let (record, workflow) = try known(id)
    return record.state.upcoming(min(count, Self.mostUpcoming), of: workflow.schedule)
      .map { ($0.sessionTime, $0.runTime) }
  }

  private func setEnabled(_ id: Int64, _ isEnabled: Bool) throws -> ScheduleControl.Entry {
    _ = try known(id)
    try schedules.disable(id, at: isEnabled ? nil : Wiring.now())
    let (record, workflow) = try known(id)
    return entry(record, workflow)
  }

  private func skip(
    _ id: Int64,
    _ skip: ScheduleControl.Skip,
    isDryRun: Bool
  ) throws -> ScheduleControl.Entry {
    // Again when a session fires in the same moment.
    for _ in 0..<5 {
      var (record, workflow) = try known(id)
      let state = try Self.skipped(record.state, skip, workflow.schedule)
      if isDryRun {
        record.state = state
        return entry(record, workflow)
      }
      let last = SessionTime(state.lastSession ?? 0, in: workflow.schedule.zone).text
      let words = state == record.state ? nil : "\(last): skipped by hand"
      if try schedules.move(&record, to: state, skip: words) {
        (record, workflow) = try known(id)
        return entry(record, workflow)
      }
    }
    throw ServerError(.conflict, "schedule \(id) moves too fast to be skipped")
  }

  private static func skipped(
    _ state: ScheduleState,
    _ skip: ScheduleControl.Skip,
    _ schedule: Schedule
  ) throws(ServerError) -> ScheduleState {
    switch skip {
    case .count(let count):
      guard (1...ScheduleState.mostSkipped).contains(count) else {
        throw ServerError(.badRequest, "`count` must be 1 to 100,000, found \(count)")
      }
      return state.skipping(count, of: schedule)
    case .to(let time):
      if let moved = state.skipping(to: time, of: schedule) { return moved }
      let next = SessionTime(state.next.sessionTime, in: schedule.zone).text
      throw ServerError(
        .conflict,
        "the schedule is further already: its next session is \(next)",
        hint: "a backfill runs sessions of the past"
      )
    }
  }

  private func entry(_ record: ScheduleRecord) -> ScheduleControl.Entry? {
    scheduled(record).map { entry(record, $0) }
  }

  private func entry(_ record: ScheduleRecord, _ workflow: Scheduled) -> ScheduleControl.Entry {
    let next = record.state.next == .never ? nil : record.state.next
    return ScheduleControl.Entry(
      id: record.id,
      project: record.project,
      projectName: workflow.revision.projectName,
      workflow: record.workflow,
      timezone: workflow.definition.timezone,
      schedule: workflow.definition.schedule ?? [:],
      nextSessionTime: next?.sessionTime,
      nextRunTime: next?.runTime,
      lastSessionTime: record.state.lastSession,
      disabledAt: record.disabledAt,
      lastSkip: record.lastSkip
    )
  }
}
