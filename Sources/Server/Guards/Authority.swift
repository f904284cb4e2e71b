import Access
import Projects
import WorkflowEngine

/// Finds the project that a request is about, and whether the caller may do what is asked there.
struct Authority: Sendable {
  let rooms: Rooms

  /// Gives the number of the project, where the requirement names one that exists.
  ///
  /// - Throws: ``ServerError`` `unauthenticated`, `notFound` (also without any role), or `forbidden`.
  func admit(_ exchange: Exchange, _ requirement: Requirement) throws -> Int64? {
    switch requirement {
    case .open: return nil
    case .signedIn:
      _ = try exchange.principal
      return nil
    case .server(let role):
      try check(exchange.principal.role(in: nil), is: role, of: "the server")
      return nil
    case .project(let role, let subject):
      let principal = try exchange.principal
      let found = try find(subject, exchange)
      guard let project = found.project else {
        try check(principal.role(in: nil), is: role, of: "the server")
        return nil
      }
      guard let own = principal.role(in: project) else { throw found.missing }
      try check(own, is: role, of: "the project")
      return project
    }
  }

  private func check(_ own: Role?, is role: Role, of what: String) throws {
    guard let own, own >= role else {
      throw ServerError(.forbidden, "this takes the role `\(role.rawValue)` of \(what)")
    }
  }

  private func find(
    _ subject: Requirement.Subject,
    _ exchange: Exchange
  ) throws -> (project: Int64?, missing: ServerError) {
    switch subject {
    case .project(let name):
      let id = try exchange.id(name, "project")
      return try found(try rooms.projects.project(id)?.id, "project", String(id))
    case .attempt(let name):
      let id = try exchange.id(name, "attempt")
      return try found(try rooms.history.attempt(id)?.projectID, "attempt", String(id))
    case .session(let name):
      let id = try exchange.id(name, "session")
      return try found(try rooms.history.session(id)?.projectID, "session", String(id))
    case .workflow(let name):
      let id = try exchange.id(name, "workflow")
      return try found(
        try WorkflowNumber(id).revision(rooms.projects)?.project,
        "workflow",
        "\(id)"
      )
    case .schedule(let name):
      let id = try exchange.id(name, "schedule")
      let entry = try rooms.schedules.list(nil).first { $0.id == id }
      return try found(entry?.project, "schedule", String(id))
    case .newProject(let name):
      let project = exchange.query.text(name) ?? ""
      return (try rooms.projects.named(project)?.id, Missing.object("project", project))
    case .projectNamed(let name):
      let project = exchange.query.text(name) ?? ""
      return try found(try rooms.projects.named(project)?.id, "project", project)
    case .workflowInBody(let name):
      let id = try exchange.fields.requiredID(name)
      return try found(
        try WorkflowNumber(id).revision(rooms.projects)?.project,
        "workflow",
        "\(id)"
      )
    }
  }

  private func found(
    _ project: Int64?,
    _ noun: String,
    _ name: String
  ) throws -> (project: Int64?, missing: ServerError) {
    let missing = Missing.object(noun, name)
    guard let project else { throw missing }
    return (project, missing)
  }
}

extension Principal {
  /// Whether there is anything of a project that they may see.
  func sees(_ project: Int64) -> Bool { role(in: project) != nil }
}
