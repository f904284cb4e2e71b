import Values
import WorkflowEngine

/// An executed notebook: what `automl.last_executed_notebook` leads to.
struct NotebookPage: PageModel {
  let attempt: AttemptReference
  let project: ProjectReference
  let workflow: String
  let timezone: String
  let sessionTime: Int64
  /// The full name of the task that executed it.
  let task: String
  /// The HTML below the folder `notebooks` of the attempt, parts separated by `/`.
  let path: String
  /// The `.ipynb` below the folder of the attempt; nil when it is not there.
  let source: String?
  let executedAt: Double
  let sizeInBytes: Int64
  let executedBy: String?

  var heading: PageHeading {
    PageHeading(
      path.split(separator: "/").last.map(String.init) ?? path,
      kind: "Notebook",
      section: .attempts,
      crumbs: project.crumbs + [
        PageHeading.Crumb(text: workflow, address: .workflow(project.id, workflow)),
        PageHeading.Crumb(text: "Attempt \(attempt.id)", address: .attempt(attempt.id)),
      ]
    )
  }

  var value: Value {
    [
      "attempt": attempt.value, "project": project.value, "workflow": .string(workflow),
      "sessionTime": Encoded.time(sessionTime), "task": .string(task), "path": .string(path),
      "source": Encoded.text(source), "executedAt": Encoded.time(executedAt),
      "sizeInBytes": .int(sizeInBytes), "executedBy": Encoded.text(executedBy),
    ]
  }

  static func address(_ attempt: Int64, _ path: String) -> ConsoleAddress {
    ConsoleAddress.attempt(attempt).below("notebooks").below(path)
  }

  /// The path of the document in the frame.
  static func frameAddress(_ attempt: Int64, _ path: String) -> ConsoleAddress {
    ConsoleAddress.attempt(attempt).below("notebook-frame").below(path)
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading) {
      tag("div", .class("actions")) {
        if let source {
          tag(
            "a",
            .class("button"),
            .href(ConsoleAddress("api", "attempts", "\(attempt.id)", "files").below(source)),
            .flag("download")
          ) { "Download .ipynb" }
        }
      }
    }
    all.append(
      Piece.facts([
        ("Attempt", attempt.html),
        ("Task", tag("code") { Piece.name(task) }),
        ("Session", Moment.html(sessionTime, zone: timezone, now: frame.now)),
        ("Executed", Moment.html(executedAt, zone: timezone, now: frame.now)),
        ("By", executedBy.map { Piece.name($0, most: 60) }),
        ("Size", HTML(ByteCount.text(sizeInBytes))),
      ])
    )
    all.append(
      tag(
        "iframe",
        .class("notebook"),
        Attribute("sandbox", ""),
        .title("The executed notebook"),
        .src(Self.frameAddress(attempt.id, path)),
        Attribute("loading", "lazy"),
        Attribute("referrerpolicy", "no-referrer")
      )
    )
    all.append(
      tag("p", .class("muted")) {
        "Scripts and forms were taken out. The .ipynb has everything."
      }
    )
    return all
  }
}
