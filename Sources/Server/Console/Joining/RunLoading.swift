import WorkflowEngine

/// Loads the lists of sessions and attempts.
struct RunLoading: Sendable {
  let rooms: Rooms

  /// The session with the newest attempt first; it stands as this attempt does.
  func sessions(_ request: ConsoleRequest) throws -> SessionsPage {
    let filter = Self.filter(request, withSession: false)
    let (rows, paging) = try rows(request, filter, isLatestOnly: true)
    return SessionsPage(filter: filter, entries: rows.map(SessionEntry.init), paging: paging)
  }

  func attempts(_ request: ConsoleRequest) throws -> AttemptsPage {
    let filter = Self.filter(request, withSession: true)
    let (rows, paging) = try rows(request, filter, isLatestOnly: false)
    let names = try AccountNames(rooms)
    let entries = rows.map { attempt in
      AttemptsPage.Entry(
        id: attempt.id,
        project: ProjectReference(attempt),
        workflow: attempt.workflow,
        sessionTime: attempt.sessionTime,
        timezone: attempt.timezone,
        name: attempt.name,
        status: attempt.status,
        startedBy: names[attempt.account],
        createdAt: attempt.createdAt,
        finishedAt: attempt.finishedAt
      )
    }
    return AttemptsPage(filter: filter, entries: entries, paging: paging)
  }

  private static func filter(_ request: ConsoleRequest, withSession: Bool) -> ListFilter {
    func text(_ name: String) -> String? {
      request.query[name].flatMap { $0.isEmpty ? nil : String($0.prefix(1000)) }
    }
    return ListFilter(
      project: text("project"),
      workflow: text("workflow"),
      status: text("status").flatMap(AttemptStatus.init(rawValue:)),
      session: withSession ? text("session").flatMap(ObjectNumber.parse) : nil
    )
  }

  private func rows(
    _ request: ConsoleRequest,
    _ filter: ListFilter,
    isLatestOnly: Bool
  ) throws -> (rows: [AttemptSummary], paging: Paging) {
    let principal = try request.principal
    var page = HistoryPage(limit: ConsoleRequest.pageSize + 1)
    page.projects = try rooms.visibleProjects(to: principal)
    if let name = filter.project {
      // One that is not there, or not for these eyes, has nothing to list.
      page.projects =
        try rooms.projects.named(name).flatMap { entry in
          principal.sees(entry.id) ? [entry.id] : nil
        } ?? []
    }
    page.workflow = filter.workflow
    page.status = filter.status
    page.session = filter.session
    page.isLatestOnly = isLatestOnly
    page.lastID = request.olderThan
    return Paging.page(try rooms.history.attempts(page), request, key: \.id)
  }
}

extension AttemptReference {
  init(_ attempt: AttemptSummary) { self.init(id: attempt.id, status: attempt.status) }
}

extension ProjectReference {
  init(_ attempt: AttemptSummary) { self.init(id: attempt.projectID, name: attempt.project) }
}

extension SessionEntry {
  /// The session of its newest attempt.
  init(_ attempt: AttemptSummary) {
    self.init(
      id: attempt.session,
      project: ProjectReference(attempt),
      workflow: attempt.workflow,
      time: attempt.sessionTime,
      timezone: attempt.timezone,
      attemptCount: attempt.index,
      lastAttempt: AttemptReference(attempt),
      startedAt: attempt.createdAt,
      finishedAt: attempt.finishedAt
    )
  }
}
