import Access
import HTTPTypes
import Values
import WorkflowEngine

/// Attempts as they stand.
struct AttemptRoutes {
  let rooms: Rooms

  var list: [Route] {
    let viewer = Requirement.project(.viewer, .attempt("id"))
    let many = Route.Answers.json(Shapes.list("attempts", of: "Attempt"))
    return [
      Route(.get, "/api/attempts", "the attempts, newest first", .signedIn, handler: all)
        .query(
          Parameter("project", .text(), "only those of the project of this name"),
          Parameter("workflow", .text(), "only those of this workflow"),
          Parameter("status", .oneOf(Shapes.statuses), "only those that stand so"),
          Parameter(
            "include_retried",
            .flag,
            "also those that another attempt of their session followed",
            usual: "false"
          ),
          .lastID,
          .pageSize
        ).gives(many),
      Route(.get, "/api/attempts/{id}", "an attempt", viewer) { exchange in
        .json(try AttemptShapes(projects: rooms.projects).value(rooms.attempt(exchange)))
      }.gives(.json(.named("Attempt"))),
      Route(
        .get,
        "/api/attempts/{id}/retries",
        "the attempts of the same session, newest first",
        viewer,
        handler: retries
      ).gives(many),
      Route(
        .get,
        "/api/attempts/{id}/tasks",
        "its tasks in order of their numbers",
        viewer,
        handler: tasks
      ).gives(.json(Shapes.list("tasks", of: "Task"))),
    ]
  }

  private func all(_ exchange: Exchange) throws -> Answer {
    let principal = try exchange.principal
    let query = exchange.query
    var page = query.history
    page.projects = try rooms.visibleProjects(to: principal)
    if let name = query.text("project") {
      guard let entry = try rooms.projects.named(name), principal.sees(entry.id) else {
        throw Missing.object("project", name)
      }
      page.projects = [entry.id]
    }
    page.workflow = query.text("workflow")
    page.status = query.text("status").flatMap(AttemptStatus.init(rawValue:))
    page.isLatestOnly = !query.flag("include_retried")
    return try answer(page)
  }

  private func retries(_ exchange: Exchange) throws -> Answer {
    var page = HistoryPage(limit: 1000)
    page.session = try rooms.attempt(exchange).session
    return try answer(page)
  }

  private func answer(_ page: HistoryPage) throws -> Answer {
    let shapes = AttemptShapes(projects: rooms.projects)
    return .json(["attempts": .array(try rooms.history.attempts(page).map(shapes.value))])
  }

  private func tasks(_ exchange: Exchange) throws -> Answer {
    let attempt = try rooms.attempt(exchange)
    let tasks = try rooms.history.tasks(of: attempt.id).map {
      AttemptShapes.value($0, isKilled: attempt.killRequestedAt != nil)
    }
    return .json(["tasks": .array(tasks)])
  }
}

extension Rooms {
  /// The attempt in the path.
  func attempt(_ exchange: Exchange) throws -> AttemptSummary {
    let id = try exchange.id("id", "attempt")
    guard let attempt = try history.attempt(id) else { throw Missing.object("attempt", id) }
    return attempt
  }
}
