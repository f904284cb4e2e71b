import Access
import Foundation
import HTTPTypes
import Projects
import Values

/// Workflows as revisions define them.
struct WorkflowRoutes {
  let rooms: Rooms

  private static let revision = Parameter("revision", .text(), "of this revision, else the latest")
  private static let name = Parameter("name", .text(), "its name", required: true)

  var list: [Route] {
    let ofProject = Requirement.project(.viewer, .project("id"))
    let many = Route.Answers.json(Shapes.list("workflows", of: "Workflow"))
    let one = Route.Answers.json(.named("Workflow"))
    return [
      Route(
        .get,
        "/api/workflows",
        "the workflows of the latest revisions",
        .signedIn,
        handler: all
      )
      .query(Parameter("name", .text(), "only those of this name"), .lastID, .pageSize)
      .gives(many),
      Route(
        .get,
        "/api/workflow",
        "the workflow of a name",
        .project(.viewer, .projectNamed("project")),
        handler: named
      ).query(
        Parameter("project", .text(), "the name of its project", required: true),
        Self.name,
        Self.revision
      )
      .gives(one),
      Route(
        .get,
        "/api/workflows/{id}",
        "a workflow",
        .project(.viewer, .workflow("id")),
        handler: numbered
      ).gives(one),
      Route(.get, "/api/projects/{id}/workflows", "its workflows", ofProject, handler: ofRevision)
        .query(Self.revision, Parameter("name", .text(), "only the one of this name"))
        .gives(many),
      Route(
        .get,
        "/api/projects/{id}/workflow",
        "the workflow of a name",
        ofProject,
        handler: named
      )
      .query(Self.name, Self.revision).gives(one),
      Route(
        .get,
        "/api/projects/{id}/workflows/{name}",
        "the workflow of a name",
        ofProject,
        handler: named
      ).query(Self.revision).gives(one),
      TruncatedTime(rooms: rooms).route,
    ]
  }

  private func all(_ exchange: Exchange) throws -> Answer {
    let principal = try exchange.principal
    let name = exchange.query.text("name")
    let page = exchange.query.page
    let entries = try rooms.projects.list().filter { principal.sees($0.id) }
    // Numbers fall from the newest revision to the oldest; a page reads only the revisions it shows.
    let numbers = entries.flatMap { entry in
      entry.latest.workflows.compactMap { workflow -> (WorkflowNumber, String, Revision)? in
        guard name == nil || workflow == name else { return nil }
        return WorkflowNumber(of: workflow, in: entry.latest).map { ($0, workflow, entry.latest) }
      }
    }
    .filter { page.lastID == nil || $0.0.id < page.lastID ?? 0 }
    .sorted { $0.0.id > $1.0.id }
    .prefix(page.size)
    var read: [Int64: [ProjectControl.Workflow]] = [:]
    let values = try numbers.compactMap { number, workflow, revision -> Value? in
      let workflows = try read[revision.id] ?? rooms.projects.workflows(revision)
      read[revision.id] = workflows
      return workflows.first { $0.name == workflow }.map { Self.value($0, number, revision) }
    }
    return .json(["workflows": .array(values)])
  }

  private func ofRevision(_ exchange: Exchange) throws -> Answer {
    let revision = try rooms.revision(of: exchange)
    let name = exchange.query.text("name")
    let values = try rooms.projects.workflows(revision).compactMap { workflow -> Value? in
      guard name == nil || workflow.name == name else { return nil }
      return WorkflowNumber(of: workflow.name, in: revision).map {
        Self.value(workflow, $0, revision)
      }
    }
    return .json(["workflows": .array(values)])
  }

  private func named(_ exchange: Exchange) throws -> Answer {
    let name = exchange.path["name"] ?? exchange.query.text("name") ?? ""
    return .json(try value(of: name, in: rooms.revision(of: exchange)))
  }

  private func numbered(_ exchange: Exchange) throws -> Answer {
    let (revision, name) = try rooms.workflow(exchange.id("id", "workflow"))
    return .json(try value(of: name, in: revision))
  }

  private func value(of name: String, in revision: Revision) throws -> Value {
    guard let number = WorkflowNumber(of: name, in: revision),
      let workflow = try rooms.projects.workflows(revision).first(where: { $0.name == name })
    else {
      throw ServerError(
        .notFound,
        "revision `\(revision.name)` has no workflow `\(name.prefix(80))`",
        hint: Suggestion.nearest(to: name, among: revision.workflows, limit: 1).first
          .map { "did you mean `\($0)`?" }
      )
    }
    return Self.value(workflow, number, revision)
  }

  static func value(
    _ workflow: ProjectControl.Workflow,
    _ number: WorkflowNumber,
    _ revision: Revision
  ) -> Value {
    [
      "id": .id(number.id), "name": .string(workflow.name),
      "project": .named(revision.project, revision.projectName),
      "revision": .string(revision.name), "timezone": .string(workflow.timezone),
      "config": .object(workflow.config),
    ]
  }
}

extension Rooms {
  /// The revision and the name of a workflow.
  func workflow(_ id: Int64) throws -> (Revision, String) {
    let number = WorkflowNumber(id)
    guard let revision = try number.revision(projects) else {
      throw Missing.object("workflow", id)
    }
    return (revision, revision.workflows[number.place])
  }
}
