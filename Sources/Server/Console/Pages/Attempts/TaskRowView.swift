import Values
import WorkflowEngine

/// One task: a line, and behind it what is known of it.
struct TaskRowView {
  let row: TaskTreeRows.Row
  let page: AttemptPage
  let ruler: Ruler
  let now: Double

  /// Deeper ones are indented no further.
  private static let deepest = 10

  private var task: AttemptPage.Task { row.task }
  private var isOver: Bool { !page.header.isRunning }

  var html: HTML {
    tag(
      "details",
      .class("task"),
      .id("t\(task.id)"),
      .data("state", task.state.rawValue),
      row.start.map { .data("start", "\($0)") },
      row.end.map { .data("end", "\($0)") }
    ) {
      tag("summary") {
        tag("span", .class("nm d\(min(row.depth, Self.deepest))")) {
          Piece.name(page.view.state == nil ? row.label : task.fullName, most: 90)
          if let type = task.type { tag("small") { Piece.cut(type, 30) + ">" } }
        }
        tag("span", .class("st")) { Piece.chip(task.state) }
        tag("span", .class("du num")) { duration }
        bar
      }
      tag("div", .class("more")) { more }
    }
  }

  private var end: Double? {
    // What was never ended by an attempt that is over did not run on.
    row.end ?? (isOver ? page.header.finishedAt : nil)
  }

  private var duration: HTML { Elapsed.html(row.start, end, now: now) }

  private var bar: HTML {
    let place = row.start.map { ruler.bar($0, end ?? now) }
    return tag(
      "svg",
      .class("bar"),
      Attribute("viewBox", "0 0 1000 10"),
      Attribute("preserveAspectRatio", "none"),
      Attribute("aria-hidden", "true")
    ) {
      if let place {
        tag(
          "rect",
          .class(task.type == nil ? "group \(task.state.tone)" : task.state.tone),
          Attribute("x", "\(place.x)"),
          Attribute("width", "\(place.width)"),
          Attribute("height", "10")
        )
      }
    }
  }

  @HTMLBuilder private var more: HTML {
    if let error = task.error { tag("pre", .class("error")) { Piece.cut(error, 4000) } }
    Piece.facts([
      ("Full name", tag("code") { Piece.name(task.fullName, most: 400) }),
      ("Started", task.startedAt.map { moment($0) }),
      ("Finished", task.finishedAt.map { moment($0) }),
      ("Retries", task.retryCount > 0 ? HTML("\(task.retryCount)") : nil),
    ])
    part("Parameters", task.parameters)
    part("Stored", task.store)
    part("For its next call", task.pollState)
    tag("p", .class("row")) {
      if let notebook = task.notebook {
        tag("a", .href(NotebookPage.address(page.header.id, notebook))) { "Notebook" }
      }
      if row.inside > 0 {
        tag("a", .href(group)) { "Only the \(row.inside) in it" }
      }
      tag("a", .href(log)) { "Its log" }
    }
  }

  private var group: ConsoleAddress {
    ConsoleAddress.attempt(page.header.id).query("group", "\(task.id)").at("tasks")
  }

  private var log: ConsoleAddress {
    ConsoleAddress("api", "attempts", "\(page.header.id)", "log").query("task", task.fullName)
  }

  private func moment(_ time: Double) -> HTML {
    Moment.html(time, zone: page.header.timezone, now: now)
  }

  private func part(_ title: String, _ object: ObjectValue) -> HTML? {
    guard !object.isEmpty else { return nil }
    return tag("div", .class("part")) {
      tag("h3") { title }
      tag("pre") { Piece.cut(JSON.encode(.object(object), pretty: true), 4000) }
    }
  }
}
