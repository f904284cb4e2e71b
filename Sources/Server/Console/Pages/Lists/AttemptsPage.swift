import Values
import WorkflowEngine

/// Attempts, newest first.
struct AttemptsPage: PageModel {
  struct Entry: Sendable {
    let id: Int64
    let project: ProjectReference
    let workflow: String
    let sessionTime: Int64
    let timezone: String
    /// The retry name; empty for the first of a session.
    let name: String
    let status: AttemptStatus
    let startedBy: String?
    let createdAt: Double
    let finishedAt: Double?
  }

  let filter: ListFilter
  let entries: [Entry]
  let paging: Paging

  var heading: PageHeading { PageHeading("Attempts", section: .attempts) }

  var value: Value {
    [
      "filter": filter.value, "attempts": .array(entries.map(\.value)), "paging": paging.value,
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    all.append(filter.form(.attempts))
    all.append(
      entries.isEmpty
        ? Piece.nothing(filter.isEmpty ? "Nothing has run yet." : "No attempt is like this.")
        : Self.table(entries, frame)
    )
    if let links = paging.links(filter.on(.attempts)) { all.append(links) }
    return all
  }

  static func table(_ entries: [Entry], _ frame: PageFrame) -> HTML {
    var table = DataTable(
      "Attempt",
      "Workflow",
      "Session time",
      "Status",
      "Duration",
      "Started",
      "By"
    )
    for entry in entries {
      table.add(
        tag("span", .class("pair")) {
          tag("a", .href(.attempt(entry.id))) { "#\(entry.id)" }
          if !entry.name.isEmpty {
            tag("span", .class("muted")) { Piece.name(entry.name, most: 40) }
          }
        },
        tag("span", .class("pair")) {
          Piece.link(entry.workflow, .workflow(entry.project.id, entry.workflow))
          tag("span", .class("muted")) { Piece.name(entry.project.name, most: 60) }
        },
        HTML(Moment.text(Double(entry.sessionTime), zone: entry.timezone)),
        Piece.chip(entry.status),
        Elapsed.html(entry.createdAt, entry.finishedAt, now: frame.now),
        tag("span", .class("muted")) { Moment.relative(entry.createdAt, now: frame.now) },
        entry.startedBy.map { Piece.name($0, most: 40) } ?? .empty
      )
    }
    return table.html
  }
}

extension AttemptsPage.Entry {
  var value: Value {
    [
      "id": Encoded.id(id), "project": project.value, "workflow": .string(workflow),
      "sessionTime": Encoded.time(sessionTime), "timezone": .string(timezone),
      "retryAttemptName": name.isEmpty ? .null : .string(name), "status": .string(status.rawValue),
      "startedBy": Encoded.text(startedBy), "createdAt": Encoded.time(createdAt),
      "finishedAt": Encoded.time(finishedAt),
    ]
  }
}
