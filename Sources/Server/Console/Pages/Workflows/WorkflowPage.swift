import Values

/// A workflow of the latest revision of a project.
struct WorkflowPage: PageModel {
  /// When it runs by itself.
  struct Schedule: Sendable {
    let id: Int64
    /// As written, in one line.
    let text: String
    /// nil while it is enabled.
    let disabledAt: Double?
    /// The next 10, in Unix seconds.
    let upcoming: [Firing]
  }

  /// A session that is to come.
  struct Firing: Sendable, Hashable {
    let sessionTime: Int64
    let runTime: Int64

    var value: Value {
      ["sessionTime": Encoded.time(sessionTime), "runTime": Encoded.time(runTime)]
    }
  }

  let project: ProjectReference
  let name: String
  let timezone: String
  let revision: (id: Int64, name: String)
  let file: String
  let tasks: [TaskOutline]
  let schedule: Schedule?
  /// Newest first.
  let sessions: [SessionEntry]

  var heading: PageHeading {
    PageHeading(name, kind: "Workflow", section: .projects, crumbs: project.crumbs)
  }

  var value: Value {
    [
      "project": project.value, "name": .string(name), "timezone": .string(timezone),
      "revision": ["id": Encoded.id(revision.id), "name": .string(revision.name)],
      "file": .string(file), "tasks": .array(tasks.map(\.value)),
      "schedule": schedule.map {
        [
          "id": Encoded.id($0.id), "schedule": .string($0.text),
          "disabledAt": Encoded.time($0.disabledAt), "upcoming": .array($0.upcoming.map(\.value)),
        ]
      } ?? .null,
      "sessions": .array(sessions.map(\.value)),
    ]
  }
}

/// A task as it is written, with what is in it.
struct TaskOutline: Sendable {
  /// More are not drawn.
  static let most = 1000

  let name: String
  /// The operator; nil for a group.
  let type: String?
  /// What stands behind the operator, its first line.
  let command: String?
  /// What stands beside it: `parallel`, `background`, `retry` and so on.
  var marks: [String] = []
  var children: [TaskOutline] = []

  var value: Value {
    [
      "name": .string(name), "type": Encoded.text(type), "command": Encoded.text(command),
      "marks": Encoded.texts(marks), "children": .array(children.map(\.value)),
    ]
  }

  static func html(_ tasks: [TaskOutline]) -> HTML {
    var left = most
    let tree = list(tasks, &left)
    guard left < 0 else { return tree }
    return tag("div") {
      tree
      Piece.nothing("It has more tasks than are drawn here.")
    }
  }

  private static func list(_ tasks: [TaskOutline], _ left: inout Int) -> HTML {
    var items = HTML.empty
    for task in tasks {
      left -= 1
      guard left >= 0 else { break }
      let inside = task.children.isEmpty ? nil : list(task.children, &left)
      items.append(
        tag("li") {
          task.line
          inside
        }
      )
    }
    return tag("ul", .class("tree")) { items }
  }

  private var line: HTML {
    tag("span", .class("node")) {
      tag("b") { Piece.name(name, most: 80) }
      if let type { tag("span", .class("op")) { type + ">" } }
      if let command, !command.isEmpty { tag("code") { Piece.name(command, most: 100) } }
      for mark in marks { tag("small", .class("note")) { mark } }
    }
  }
}
