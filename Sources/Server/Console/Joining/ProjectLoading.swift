import Projects
import WorkflowEngine

/// Loads the pages of projects.
struct ProjectLoading: Sendable {
  private static let mostSessions = 20

  let rooms: Rooms

  func all(_ request: ConsoleRequest) throws -> ProjectsPage {
    let principal = try request.principal
    let schedules = Dictionary(grouping: try rooms.schedules.list(nil), by: \.project)
    let entries = try rooms.projects.list().filter { principal.sees($0.id) }
    return ProjectsPage(
      entries: try entries.map { entry in
        ProjectsPage.Entry(
          project: ProjectReference(id: entry.id, name: entry.name),
          revision: entry.latest.name,
          pushedAt: entry.latest.createdAt,
          workflowCount: entry.latest.workflows.count,
          lastAttempt: try rooms.lastAttempt(in: entry.id),
          nextRunTime: schedules[entry.id]?.filter { $0.disabledAt == nil }
            .compactMap(\.nextRunTime).min()
        )
      }
    )
  }

  func one(_ request: ConsoleRequest) throws -> ProjectPage {
    let entry = try rooms.project(request.id)
    let names = try AccountNames(rooms)
    let read = try rooms.projects.revisions(
      entry.id,
      request.olderThan,
      ConsoleRequest.pageSize + 1
    )
    let (revisions, paging) = Paging.page(read, request, key: \.id)
    return ProjectPage(
      project: ProjectReference(id: entry.id, name: entry.name),
      createdAt: entry.createdAt,
      workflows: try workflows(of: entry),
      revisions: revisions.map { revision in
        ProjectPage.PushedRevision(
          id: revision.id,
          name: revision.name,
          sizeInBytes: revision.sizeInBytes,
          createdAt: revision.createdAt,
          pushedBy: names[revision.account]
        )
      },
      paging: paging,
      sessions: try rooms.recentSessions(in: entry.id, most: Self.mostSessions)
    )
  }

  private func workflows(of entry: ProjectControl.Entry) throws -> [ProjectPage.Workflow] {
    let schedules = try rooms.schedules.list(entry.id)
    return try entry.latest.workflows.map { name in
      let schedule = schedules.first { $0.workflow == name }
      return ProjectPage.Workflow(
        name: name,
        lastAttempt: try rooms.lastAttempt(in: entry.id, of: name),
        schedule: schedule?.words,
        timezone: schedule?.timezone ?? "UTC",
        nextRunTime: schedule?.nextRunTime,
        isDisabled: schedule?.disabledAt != nil
      )
    }
  }

  func secrets(_ request: ConsoleRequest) throws -> SecretsPage {
    let entry = try rooms.project(request.id)
    return SecretsPage(
      project: ProjectReference(id: entry.id, name: entry.name),
      keys: try rooms.secrets.keys(entry.id)
    )
  }
}

extension Rooms {
  func project(_ id: Int64) throws -> ProjectControl.Entry {
    guard let entry = try projects.project(id) else { throw Missing.object("project", id) }
    return entry
  }

  fileprivate func lastAttempt(
    in project: Int64,
    of workflow: String? = nil
  ) throws -> AttemptReference? {
    var page = HistoryPage(limit: 1)
    page.projects = [project]
    page.workflow = workflow
    return try history.attempts(page).first.map(AttemptReference.init)
  }

  /// The sessions whose attempts are the newest.
  func recentSessions(
    in project: Int64,
    of workflow: String? = nil,
    most: Int
  ) throws -> [SessionEntry] {
    var page = HistoryPage(limit: most)
    page.projects = [project]
    page.workflow = workflow
    page.isLatestOnly = true
    return try history.attempts(page).map(SessionEntry.init)
  }
}
