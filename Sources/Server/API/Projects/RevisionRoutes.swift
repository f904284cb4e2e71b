import Access
import HTTPTypes
import Projects
import Values

/// Revisions of a project: what they hold and how they differ.
struct RevisionRoutes {
  let rooms: Rooms

  var list: [Route] {
    let viewer = Requirement.project(.viewer, .project("id"))
    return [
      Route(
        .get,
        "/api/projects/{id}/revisions",
        "the revisions, newest first",
        viewer,
        handler: revisions
      ).query(.lastID, .pageSize).gives(.json(Shapes.list("revisions", of: "Revision"))),
      Route(
        .get,
        "/api/projects/{id}/archive",
        "the files of a revision as a gzip tar archive",
        viewer,
        handler: archive
      ).query(Parameter("revision", .text(), "its name, else the latest"))
        .gives(.content("application/gzip")),
      Route(
        .get,
        "/api/projects/{id}/diff",
        "what changed between two revisions",
        viewer,
        handler: diff
      ).query(
        Parameter("from", .text(), "the name of the older one", required: true),
        Parameter("to", .text(), "the name of the newer one, else the latest")
      ).gives(
        .json(
          .members([
            ("from", .text), ("to", .text),
            (
              "files",
              .list(
                .members([
                  ("path", .text), ("change", .oneOf(["added", "removed", "changed"])),
                  ("diff", Schema.text.orNull),
                ])
              )
            ),
          ])
        )
      ),
    ]
  }

  private func revisions(_ exchange: Exchange) throws -> Answer {
    let page = exchange.query.page
    let found = try rooms.projects.revisions(exchange.project ?? 0, page.lastID, page.size)
    return .json(["revisions": .array(found.map(Self.value))])
  }

  private func archive(_ exchange: Exchange) throws -> Answer {
    let revision = try rooms.revision(of: exchange)
    let file = try ServedFile(path: rooms.projects.archive(revision))
    return try file.answer(
      to: exchange.request,
      name: "\(revision.projectName)-\(revision.name).tar.gz",
      type: "application/gzip"
    )
  }

  private func diff(_ exchange: Exchange) async throws -> Answer {
    let from = try rooms.revision(of: exchange, parameter: "from")
    let to = try rooms.revision(of: exchange, parameter: "to")
    let files = try await rooms.projects.diff(from, to).map { file -> Value in
      [
        "path": .string(file.path), "change": .string(file.kind.rawValue), "diff": .text(file.diff),
      ]
    }
    return .json(["from": .string(from.name), "to": .string(to.name), "files": .array(files)])
  }

  private static func value(_ revision: Revision) -> Value {
    [
      "id": .id(revision.id), "revision": .string(revision.name),
      "createdAt": .time(revision.createdAt), "archiveSha256": .string(revision.hash),
      "sizeInBytes": .int(revision.sizeInBytes),
      "workflows": .array(revision.workflows.map { .string($0) }), "userId": .id(revision.account),
    ]
  }
}
