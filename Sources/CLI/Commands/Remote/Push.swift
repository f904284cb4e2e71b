import ArgumentParser
import Foundation
import Projects
import Values
import WorkflowLanguage

/// `tadoru push NAME`: a project folder becomes the newest revision of a project on a server.
struct Push: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Pushes a project folder to a server, as a new revision.",
    discussion: """
      The folder is checked first: a project with mistakes is not sent. Files that begin with a dot and those that \
      `.digdagignore` names are left out.

      Schedules of the project go on from where they stood; new ones begin now, or at --schedule-from.
      """
  )

  @Argument(help: "The name of the project on the server.")
  var name: String

  @Option(help: ArgumentHelp("The project folder.", valueName: "dir"))
  var project = "."

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The name of the revision (default: made up).", valueName: "name")
  )
  var revision: String?

  @Option(help: ArgumentHelp("When new schedules begin (ISO 8601).", valueName: "time"))
  var scheduleFrom: String?

  @Flag(help: "Pack the files that symbolic links out of the folder lead to.")
  var copyOutgoingSymlinks = false

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    let folder = try LocalProject.found(project)
    let loaded = ProjectLoader.load(directory: folder.directory)
    guard !loaded.isRefused else {
      let words = loaded.errors.map { "\($0)" }.joined(separator: "\n")
      throw CommandFailure(.refused, "the project is refused, nothing was pushed\n\(words)")
    }
    let archive =
      NSTemporaryDirectory() + "/tadoru-push-\(UUID().uuidString.lowercased()).tar.gz"
    // why: a file in the temporary folder harms nobody
    defer { try? FileManager.default.removeItem(atPath: archive) }
    let packed: ProjectArchive.Packed
    do {
      packed = try ProjectArchive.pack(
        folder.directory,
        to: archive,
        copyOutgoingLinks: copyOutgoingSymlinks
      )
    } catch let error as ProjectError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
    StandardError.line("sending \(packed.entries) files, \(packed.sizeInBytes) bytes")
    let pushed = try await server.upload(
      archive,
      to: "/api/projects",
      [("project", name), ("revision", revision), ("schedule_from", scheduleFrom)]
    )
    show(pushed, loaded.workflows.map(\.name))
  }

  private func show(_ pushed: ObjectValue, _ workflows: [String]) {
    let record: ObjectValue = [
      "id": RemoteRecords.number(pushed["id"]), "name": pushed["name"] ?? .null,
      "revision": pushed["revision"] ?? .null, "archive_sha256": pushed["archiveSha256"] ?? .null,
      "project_created_at": pushed["createdAt"] ?? .null,
      "revision_updated_at": pushed["updatedAt"] ?? .null,
      "workflows": .array(workflows.map { .string($0) }),
    ]
    if remote.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
  }
}
