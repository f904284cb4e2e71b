import Access
import Foundation
import HTTPTypes
import Projects
import Values

/// Projects: what is pushed, looked at and deleted as a whole.
struct ProjectRoutes {
  let rooms: Rooms
  let settings: ServerSettings

  var list: [Route] {
    [
      Route(.get, "/api/projects", "the projects", .signedIn, handler: projects)
        .query(Parameter("name", .text(), "only the one of this name"))
        .gives(.json(Shapes.list("projects", of: "Project"))),
      Route(
        .get,
        "/api/project",
        "the project of a name",
        .project(.viewer, .projectNamed("name")),
        handler: one
      ).query(Parameter("name", .text(), "its name", required: true))
        .gives(.json(.named("Project"))),
      Route(
        .get,
        "/api/projects/{id}",
        "a project",
        .project(.viewer, .project("id")),
        handler: one
      ).gives(.json(.named("Project"))),
      Route(
        .delete,
        "/api/projects/{id}",
        "deletes a project with its schedules; what ran can still be looked at",
        .project(.admin, .project("id")),
        handler: delete
      ).gives(.json(.named("Project")), errors: [409]).audited("project.delete"),
      Route(
        .put,
        "/api/projects",
        "pushes a revision of a project, which is made when it is new",
        .project(.editor, .newProject("project")),
        handler: push
      ).query(
        Parameter("project", .text(maximum: 255), "the name of the project", required: true),
        Parameter("revision", .text(maximum: 255), "the name of the revision, else one is made up"),
        Parameter("schedule_from", .time, "when new schedules begin, else now")
      ).takes(.archive).gives(.json(.named("Project")), errors: [409, 422])
        .audited("project.push"),
    ]
  }

  private func projects(_ exchange: Exchange) throws -> Answer {
    let principal = try exchange.principal
    let name = exchange.query.text("name")
    let found = try rooms.projects.list()
      .filter { principal.sees($0.id) && (name == nil || $0.name == name) }
    return .json(["projects": .array(found.map(Self.value))])
  }

  private func one(_ exchange: Exchange) throws -> Answer {
    .json(Self.value(try rooms.entry(of: exchange)))
  }

  private func delete(_ exchange: Exchange) async throws -> Answer {
    let entry = try rooms.entry(of: exchange)
    try await rooms.projects.delete(entry.id)
    try rooms.schedules.revisionPushed(entry.id, nil)
    var value = Self.value(entry).object ?? [:]
    value["deletedAt"] = .time(rooms.inputs.now())
    return .json(.object(value)).about(entry.name)
  }

  private func push(_ exchange: Exchange) async throws -> Answer {
    let name = exchange.query.text("project") ?? ""
    let file = rooms.inputs.incomingFolder + "/incoming-" + rooms.inputs.newID()
    try FileManager.default.createDirectory(
      atPath: rooms.inputs.incomingFolder,
      withIntermediateDirectories: true
    )
    // why: what is left of an archive that did not come in whole is of no use; one that cannot be removed harms nobody
    defer { try? FileManager.default.removeItem(atPath: file) }
    try await BodyReader(settings: settings).file(exchange.request, path: file)
    let entry = try await rooms.projects.push(
      ProjectControl.Push(
        project: name,
        revision: exchange.query.text("revision"),
        archive: file,
        principal: exchange.principal
      )
    )
    try rooms.schedules.revisionPushed(entry.id, exchange.query.number("schedule_from"))
    return .json(Self.value(entry)).about("\(entry.name) \(entry.latest.name)")
  }

  static func value(_ entry: ProjectControl.Entry) -> Value {
    [
      "id": .id(entry.id), "name": .string(entry.name), "revision": .string(entry.latest.name),
      "revisionId": .id(entry.latest.id), "createdAt": .time(entry.createdAt),
      "updatedAt": .time(entry.latest.createdAt), "deletedAt": .null, "archiveType": "db",
      "archiveMd5": .null, "archiveSha256": .string(entry.latest.hash),
    ]
  }
}

extension Rooms {
  /// The project a request was admitted to.
  func entry(of exchange: Exchange) throws -> ProjectControl.Entry {
    let id = exchange.project ?? 0
    guard let entry = try projects.project(id) else { throw Missing.object("project", id) }
    return entry
  }

  /// The revision that `revision` of the query names, else the latest.
  func revision(of exchange: Exchange, parameter: String = "revision") throws -> Revision {
    let entry = try entry(of: exchange)
    guard let name = exchange.query.text(parameter) else { return entry.latest }
    guard let revision = try projects.revisionNamed(entry.id, name) else {
      throw Missing.object("revision", name)
    }
    return revision
  }
}
