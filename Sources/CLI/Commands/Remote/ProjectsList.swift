import ArgumentParser
import Foundation
import Projects
import Values

/// `tadoru projects`: what is on a server.
struct ProjectsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projects",
    abstract: "Lists the projects of a server, or deletes one."
  )

  @Option(
    help: ArgumentHelp("Delete this project; what ran can still be looked at.", valueName: "name")
  )
  var delete: String?

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    if let delete {
      _ = try await server.call("DELETE", "/api/projects/\(server.project(delete))")
      return StandardOutput.line("Project '\(delete)' is deleted")
    }
    let records = try await server.list("projects", "/api/projects").map { value -> ObjectValue in
      let given = value.object ?? [:]
      return [
        "id": RemoteRecords.number(given["id"]), "name": given["name"] ?? .null,
        "revision": given["revision"] ?? .null, "created_at": given["createdAt"] ?? .null,
        "revision_updated_at": given["updatedAt"] ?? .null,
        "archive_sha256": given["archiveSha256"] ?? .null,
      ]
    }
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["id", "name", "revision", "revision_updated_at"])
  }
}

/// `tadoru workflows`: the workflows of the latest revisions.
struct Workflows: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the workflows of a server, or shows one as it was written."
  )

  @Argument(help: "Only those of this project.")
  var project: String?

  @Argument(help: "Show this workflow.")
  var workflow: String?

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    if let project, let workflow {
      let found = try await server.get("/api/workflow", [("project", project), ("name", workflow)])
      return RecordPrinter.json(Self.record(.object(found), isFull: true))
    }
    let path =
      try await project.asyncMap { "/api/projects/\(try await server.project($0))/workflows" }
      ?? "/api/workflows"
    let records = try await server.list("workflows", path).map {
      Self.record($0, isFull: remote.json)
    }
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["project", "workflow", "revision", "timezone"])
  }

  private static func record(_ value: Value, isFull: Bool) -> ObjectValue {
    let given = value.object ?? [:]
    var record: ObjectValue = [
      "id": RemoteRecords.number(given["id"]),
      "project": given[path: ["project", "name"]] ?? .null, "workflow": given["name"] ?? .null,
      "revision": given["revision"] ?? .null, "timezone": given["timezone"] ?? .null,
    ]
    if isFull { record["config"] = given["config"] }
    return record
  }
}

extension Optional {
  fileprivate func asyncMap<Other>(_ change: (Wrapped) async throws -> Other) async throws -> Other?
  {
    guard let self else { return nil }
    return try await change(self)
  }
}
