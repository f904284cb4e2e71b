import Access
import HTTPTypes
import Projects
import Values
import WorkflowEngine

/// Sessions: a workflow and a time, and what was tried for it.
struct SessionRoutes {
  let rooms: Rooms

  private static let workflow = Parameter("workflow", .text(), "only those of this workflow")

  var list: [Route] {
    let many = Route.Answers.json(Shapes.list("sessions", of: "Session"))
    return [
      Route(.get, "/api/sessions", "the sessions, newest first", .signedIn, handler: all)
        .query(Self.workflow, .lastID, .pageSize).gives(many),
      Route(
        .get,
        "/api/projects/{id}/sessions",
        "the sessions of a project, newest first",
        .project(.viewer, .project("id")),
        handler: ofProject
      ).query(Self.workflow, .lastID, .pageSize).gives(many),
      Route(
        .get,
        "/api/sessions/{id}",
        "a session",
        .project(.viewer, .session("id")),
        handler: one
      ).gives(.json(.named("Session"))),
      Route(
        .get,
        "/api/sessions/{id}/attempts",
        "the attempts of a session, newest first",
        .project(.viewer, .session("id")),
        handler: attempts
      ).query(.lastID, .pageSize).gives(.json(Shapes.list("attempts", of: "Attempt"))),
    ]
  }

  private func all(_ exchange: Exchange) throws -> Answer {
    try answer(exchange, projects: rooms.visibleProjects(to: exchange.principal))
  }

  private func ofProject(_ exchange: Exchange) throws -> Answer {
    try answer(exchange, projects: [exchange.project ?? 0])
  }

  private func answer(_ exchange: Exchange, projects: [Int64]?) throws -> Answer {
    var page = exchange.query.history
    page.projects = projects
    page.workflow = exchange.query.text("workflow")
    let shapes = AttemptShapes(projects: rooms.projects)
    let values = try rooms.history.sessions(page).map { session in
      try shapes.value(session, last: lastAttempt(of: session))
    }
    return .json(["sessions": .array(values)])
  }

  private func one(_ exchange: Exchange) throws -> Answer {
    let id = try exchange.id("id", "session")
    guard let session = try rooms.history.session(id) else { throw Missing.object("session", id) }
    let shapes = AttemptShapes(projects: rooms.projects)
    return .json(try shapes.value(session, last: lastAttempt(of: session)))
  }

  private func attempts(_ exchange: Exchange) throws -> Answer {
    var page = exchange.query.history
    page.session = try exchange.id("id", "session")
    let shapes = AttemptShapes(projects: rooms.projects)
    return .json(["attempts": .array(try rooms.history.attempts(page).map(shapes.value))])
  }

  private func lastAttempt(of session: SessionSummary) throws -> AttemptSummary? {
    try session.lastAttempt.flatMap { try rooms.history.attempt($0) }
  }
}

extension Query {
  /// The page of a list of sessions or attempts.
  var history: HistoryPage {
    var history = HistoryPage(limit: page.size)
    history.lastID = page.lastID
    return history
  }
}

extension Rooms {
  /// nil for all.
  func visibleProjects(to principal: Principal) throws -> [Int64]? {
    if principal.role(in: nil) != nil { return nil }
    return try projects.list().map(\.id).filter { principal.sees($0) }
  }
}
