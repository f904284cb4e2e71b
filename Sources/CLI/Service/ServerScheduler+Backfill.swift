import Access
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// Sessions of the past, each begun when the one before it has ended, whatever came of it.
extension ServerScheduler {
  private static let mostSessions = 10_000

  func backfill(_ backfill: ScheduleControl.Backfill) throws -> [ScheduleControl.Backfilled] {
    let (record, workflow) = try known(backfill.schedule)
    let sessions = try sessions(backfill, record, workflow)
    guard !backfill.isDryRun else {
      return sessions.map { ScheduleControl.Backfilled(sessionTime: $0.sessionTime, attempt: nil) }
    }
    let number = try backfills.add(
      BackfillStore.Plan(
        project: record.project,
        workflow: record.workflow,
        sessionTimes: sessions.map(\.sessionTime),
        name: backfill.name ?? "",
        account: backfill.principal.account
      )
    )
    try backfills.heads(of: number).forEach(step)
    let begun = try backfills.heads(of: number).first
    return sessions.map {
      ScheduleControl.Backfilled(
        sessionTime: $0.sessionTime,
        attempt: $0.sessionTime == begun?.sessionTime ? begun?.attempt : nil
      )
    }
  }

  /// Goes on with all backfills.
  func stepBackfills() throws {
    for head in try backfills.heads() where !intake.queue.isStopped { try step(head) }
  }

  private func step(_ head: BackfillStore.Head) throws {
    if let attempt = head.attempt {
      let found = try intake.history.attempt(attempt)
      if found?.status != .running { try backfills.finish(head) }
      return
    }
    guard !intake.queue.isFull else { return }
    do {
      let revision = try intake.revision(nil, of: head.project)
      var order = AttemptIntake.Order(
        definition: try intake.definition(head.workflow, of: revision),
        revision: revision,
        sessionTime: head.sessionTime
      )
      order.name = head.name
      order.account = head.account
      try backfills.note(intake.accept(order).attempt, of: head)
    } catch let error as ServerError {
      // Another attempt of the session runs, or the server stops: later.
      guard error.code != .conflict, error.code != .busy else { return }
      note(.error, "backfill of `\(head.workflow)`: a session cannot be run: \(error)")
      try backfills.finish(head)
    }
  }

  private func sessions(
    _ backfill: ScheduleControl.Backfill,
    _ record: ScheduleRecord,
    _ workflow: Scheduled
  ) throws(ServerError) -> [ScheduleTime] {
    if let count = backfill.count, !(1...Self.mostSessions).contains(count) {
      throw ServerError(.badRequest, "`count` must be 1 to 10,000, found \(count)")
    }
    let sessions = BackfillRange.sessions(
      of: workflow.schedule,
      from: backfill.from,
      before: record.state.next.sessionTime,
      limit: backfill.count ?? Self.mostSessions + 1
    )
    guard sessions.count <= Self.mostSessions else {
      throw ServerError(
        .badRequest,
        "there are more than 10,000 sessions since that time",
        hint: "`count` takes the first so many"
      )
    }
    guard !sessions.isEmpty else {
      throw ServerError(.badRequest, "the schedule has no past session from that time on")
    }
    return sessions
  }
}
