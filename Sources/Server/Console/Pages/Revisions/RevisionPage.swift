import Values

/// The files of a revision.
struct RevisionPage: PageModel {
  struct File: Sendable {
    /// Relative to the project, parts separated by `/`.
    let path: String
    let sizeInBytes: Int64
  }

  let project: ProjectReference
  let id: Int64
  let name: String
  let hash: String
  let sizeInBytes: Int64
  let createdAt: Double
  let pushedBy: String?
  let workflows: [String]
  let files: [File]
  /// The revision before; nil for the first.
  let previous: String?

  var heading: PageHeading {
    PageHeading(name, kind: "Revision", section: .projects, crumbs: project.crumbs)
  }

  var value: Value {
    [
      "project": project.value, "id": Encoded.id(id), "name": .string(name), "hash": .string(hash),
      "sizeInBytes": .int(sizeInBytes), "createdAt": Encoded.time(createdAt),
      "pushedBy": Encoded.text(pushedBy), "workflows": Encoded.texts(workflows),
      "files": .array(
        files.map { ["path": .string($0.path), "sizeInBytes": .int($0.sizeInBytes)] }
      ),
      "previous": Encoded.text(previous),
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading) {
      tag("div", .class("actions")) {
        if previous != nil {
          tag("a", .class("button"), .href(Self.diff(project.id, id))) { "What changed" }
        }
        tag(
          "a",
          .class("button"),
          .href(
            ConsoleAddress("api", "projects", "\(project.id)", "archive").query("revision", name)
          )
        ) { "Download" }
      }
    }
    all.append(
      Piece.facts([
        ("Pushed", Moment.html(createdAt, now: frame.now)),
        ("By", pushedBy.map { Piece.name($0, most: 60) } ?? HTML("owner")),
        ("Size", HTML(ByteCount.text(sizeInBytes))),
        ("SHA-256", tag("code", .title(hash)) { hash.prefix(16) + "…" }),
        ("Workflows", HTML("\(workflows.count)")),
        ("Before", previous.map { Piece.name($0, most: 60) }),
      ])
    )
    var table = DataTable("File", "Size")
    for file in files {
      table.add(
        Piece.link(file.path, Self.file(project.id, id, file.path)),
        HTML(ByteCount.text(file.sizeInBytes))
      )
    }
    all.append(
      Piece.section("Files") { files.isEmpty ? Piece.nothing("It has no files.") : table.html }
    )
    return all
  }

  static func file(_ project: Int64, _ revision: Int64, _ path: String) -> ConsoleAddress {
    ConsoleAddress("projects", "\(project)", "revisions", "\(revision)", "files").below(path)
  }

  static func diff(_ project: Int64, _ revision: Int64) -> ConsoleAddress {
    ConsoleAddress("projects", "\(project)", "revisions", "\(revision)", "diff")
  }
}
