import Foundation
import Projects
import WorkflowEngine

/// Loads the page of an attempt.
struct AttemptLoading: Sendable {
  private static let mostAttempts = 1000

  let rooms: Rooms

  func page(_ request: ConsoleRequest) throws -> AttemptPage {
    let attempt = try rooms.attempt(numbered: request.id)
    let notebooks = try NotebookPages(of: attempt.id, rooms)
    return AttemptPage(
      header: try header(attempt),
      tasks: try rooms.history.tasks(of: attempt.id).map { task in
        AttemptPage.Task(task, notebook: notebooks.page(of: task))
      },
      view: Self.view(request),
      log: try LogTail(endOf: rooms.inputs.attemptFolder(attempt.id) + "/attempt.log")
    )
  }

  private func header(_ attempt: AttemptSummary) throws -> AttemptPage.Header {
    var page = HistoryPage(limit: Self.mostAttempts)
    page.session = attempt.session
    let revision = try attempt.revision.flatMap { try rooms.projects.revision($0) }
    return AttemptPage.Header(
      id: attempt.id,
      project: ProjectReference(attempt),
      workflow: attempt.workflow,
      session: attempt.session,
      sessionTime: attempt.sessionTime,
      timezone: attempt.timezone,
      name: attempt.name,
      status: attempt.status,
      revision: revision.map { ($0.id, $0.name) },
      startedBy: try AccountNames(rooms)[attempt.account],
      createdAt: attempt.createdAt,
      finishedAt: attempt.finishedAt,
      killRequestedAt: attempt.killRequestedAt,
      parameters: attempt.parameters,
      attemptsOfSession: try rooms.history.attempts(page).reversed().map(AttemptReference.init)
    )
  }

  private static func view(_ request: ConsoleRequest) -> TaskView {
    TaskView(
      group: request.query["group"].flatMap { Int($0) },
      state: request.query["state"].flatMap(TaskState.init(rawValue:)),
      page: request.query["page"].flatMap { Int($0) }.map { min(max($0, 0), 1_000_000) } ?? 0
    )
  }
}

extension Rooms {
  func attempt(numbered id: Int64) throws -> AttemptSummary {
    guard let attempt = try history.attempt(id) else { throw Missing.object("attempt", id) }
    return attempt
  }
}
