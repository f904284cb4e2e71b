import Values

/// The projects that the one who looks may see.
struct ProjectsPage: PageModel {
  struct Entry: Sendable {
    let project: ProjectReference
    let revision: String
    /// Unix seconds, as all times.
    let pushedAt: Double
    let workflowCount: Int
    let lastAttempt: AttemptReference?
    let nextRunTime: Int64?
  }

  let entries: [Entry]

  var heading: PageHeading { PageHeading("Projects", section: .projects) }

  var value: Value {
    [
      "projects": .array(
        entries.map { entry in
          [
            "id": Encoded.id(entry.project.id), "name": .string(entry.project.name),
            "revision": .string(entry.revision), "pushedAt": Encoded.time(entry.pushedAt),
            "workflowCount": .int(Int64(entry.workflowCount)),
            "lastAttempt": entry.lastAttempt?.value ?? .null,
            "nextRunTime": Encoded.time(entry.nextRunTime),
          ]
        }
      )
    ]
  }
}

extension ProjectsPage {
  func content(_ frame: PageFrame) -> HTML {
    var table = DataTable("Project", "Last attempt", "Next run", "Workflows", "Revision")
    for entry in entries {
      table.add(
        entry.project.link,
        entry.lastAttempt?.html ?? .empty,
        entry.nextRunTime.map { Moment.html($0, now: frame.now) } ?? .empty,
        HTML("\(entry.workflowCount)"),
        tag("span", .class("pair")) {
          Piece.name(entry.revision, most: 40)
          tag("span", .class("muted")) { Moment.relative(entry.pushedAt, now: frame.now) }
        }
      )
    }
    let list =
      entries.isEmpty
      ? Piece.nothing("There is no project yet. Push one from its folder:", "tadoru push NAME")
      : table.html
    var all = Piece.title(heading)
    all.append(list)
    return all
  }
}
