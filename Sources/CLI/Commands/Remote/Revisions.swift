import ArgumentParser
import Foundation
import Projects
import Values

/// `tadoru revisions PROJECT`: what was pushed when, and what differs.
struct Revisions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the revisions of a project on a server, or shows what changed between two.",
    discussion: """
      tadoru revisions shop                     the revisions, newest first
      tadoru revisions shop --diff r1           what changed from r1 to the latest
      tadoru revisions shop --diff r1 --to r2
      """
  )

  @Argument(help: "The name of the project.")
  var project: String

  @Option(help: ArgumentHelp("The older revision of a comparison.", valueName: "name"))
  var diff: String?

  @Option(help: ArgumentHelp("The newer one (default: the latest).", valueName: "name"))
  var to: String?

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    let id = try await server.project(project)
    if let diff { return try await compare(diff, id, server) }
    let records = try await server.list("revisions", "/api/projects/\(id)/revisions").map {
      value -> ObjectValue in
      let given = value.object ?? [:]
      return [
        "id": RemoteRecords.number(given["id"]), "revision": given["revision"] ?? .null,
        "created_at": given["createdAt"] ?? .null, "user_id": RemoteRecords.number(given["userId"]),
        "size_in_bytes": given["sizeInBytes"] ?? .null,
        "archive_sha256": given["archiveSha256"] ?? .null, "workflows": given["workflows"] ?? [],
      ]
    }
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["id", "revision", "created_at", "size_in_bytes"])
  }

  private func compare(_ from: String, _ id: String, _ server: RemoteServer) async throws {
    let answer = try await server.get("/api/projects/\(id)/diff", [("from", from), ("to", to)])
    if remote.json { return RecordPrinter.json(answer) }
    for file in answer["files"]?.array ?? [] {
      let path = file.object?["path"]?.string ?? ""
      StandardOutput.line("\(file.object?["change"]?.string ?? "") \(path)")
      if let text = file.object?["diff"]?.string { StandardOutput.line(text) }
    }
  }
}

/// `tadoru download PROJECT`: the files of a revision.
struct Download: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Downloads a revision of a project into a new folder."
  )

  @Argument(help: "The name of the project.")
  var project: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A revision other than the latest.", valueName: "name")
  )
  var revision: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The new folder (default: the project's name).", valueName: "dir")
  )
  var output: String?

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    let folder = output ?? project
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw CommandFailure(
        .usage,
        "`\(folder)` exists already",
        hint: "name another folder with --output"
      )
    }
    let archive =
      NSTemporaryDirectory() + "/tadoru-download-\(UUID().uuidString.lowercased()).tar.gz"
    // why: a file in the temporary folder harms nobody
    defer { try? FileManager.default.removeItem(atPath: archive) }
    let id = try await server.project(project)
    try await server.download(
      "/api/projects/\(id)/archive",
      [("revision", revision)],
      to: archive
    )
    do {
      try ProjectArchive.unpack(archive, into: folder)
    } catch let error as ProjectError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
    if remote.json {
      return RecordPrinter.json(["project": .string(project), "folder": .string(folder)])
    }
    StandardOutput.line("the files of `\(project)` are in \(folder)")
  }
}
