import Values
import WorkflowEngine

/// The tasks of an attempt: a row for each that unfolds, and when it ran as a bar.
struct TaskSection {
  let page: AttemptPage
  let now: Double

  private static let stateOrder: [TaskState] = [
    .error, .groupError, .running, .planned, .retryWaiting, .groupRetryWaiting, .ready, .blocked,
    .canceled, .success,
  ]

  private var address: ConsoleAddress { .attempt(page.header.id) }
  private var view: TaskView { page.view }

  var html: HTML {
    let rows = TaskTreeRows(page.tasks, group: view.group).rows
    let wanted = view.state.map { state in rows.filter { $0.task.state == state } } ?? rows
    let shown = wanted.dropFirst(view.page * TaskView.size).prefix(TaskView.size)
    let ruler = Ruler(page.header, now: now)
    return Piece.section("Tasks", id: "tasks") {
      counts
    } content: {
      if let group = view.group { way(to: group) }
      if shown.isEmpty {
        Piece.nothing("No task is shown.")
      } else {
        tag("div", .class("tasks")) {
          tag("div", .class("taskhead"), Attribute("aria-hidden", "true")) {
            tag("span") { "Task" }
            tag("span") { "State" }
            tag("span", .class("num")) { "Duration" }
            tag("span", .class("scale")) {
              tag("span") { "0" }
              tag("span") { ruler.length }
            }
          }
          for row in shown { TaskRowView(row: row, page: page, ruler: ruler, now: now).html }
        }
      }
      pages(of: wanted.count)
    }
  }

  /// How many tasks stand how, each a link to these only.
  private var counts: HTML {
    var numbers: [TaskState: Int] = [:]
    for task in page.tasks { numbers[task.state, default: 0] += 1 }
    return tag("nav", .class("counts"), .id("counts"), .label("Tasks by state")) {
      tag("a", .href(address.at("tasks")), .current(if: view.state == nil)) {
        "all \(page.tasks.count)"
      }
      for state in Self.stateOrder {
        if let number = numbers[state] {
          tag(
            "a",
            .class("count \(state.tone)"),
            .href(link(state: state, page: 0)),
            .current(if: view.state == state)
          ) { "\(number) \(state.words)" }
        }
      }
    }
  }

  private func way(to group: Int) -> HTML {
    let name = page.tasks.first { $0.id == group }?.fullName ?? ""
    return tag("p", .class("muted")) {
      "Only in "
      Piece.name(name)
      " · "
      tag("a", .href(address.at("tasks"))) { "all tasks" }
    }
  }

  private func pages(of count: Int) -> HTML? {
    let last = max(0, (count - 1) / TaskView.size)
    guard last > 0 else { return nil }
    let first = view.page * TaskView.size + 1
    return tag("nav", .class("paging"), .label("Pages of tasks")) {
      if view.page > 0 {
        tag("a", .href(link(state: view.state, page: view.page - 1))) { "Previous" }
      }
      tag("span", .class("muted")) {
        "\(first)–\(min(count, first + TaskView.size - 1)) of \(count)"
      }
      if view.page < last {
        tag("a", .href(link(state: view.state, page: view.page + 1))) { "Next" }
      }
    }
  }

  private func link(state: TaskState?, page: Int) -> ConsoleAddress {
    address.query("group", view.group.map { "\($0)" }).query("state", state?.rawValue)
      .query("page", page > 0 ? "\(page)" : nil).at("tasks")
  }
}

/// Places times on the line from the beginning of an attempt to its end, or to now.
struct Ruler {
  /// Units from one end to the other.
  static let width = 1000.0

  private let start: Double
  private let span: Double

  init(_ header: AttemptPage.Header, now: Double) {
    start = header.createdAt
    span = max((header.finishedAt ?? now) - header.createdAt, 0.001)
  }

  var length: String { Moment.duration(span) }

  /// Where a bar begins and how long it is, never too short to be seen.
  func bar(_ from: Double, _ to: Double) -> (x: Int, width: Int) {
    let left = place(from)
    let width = max(6, place(to) - left)
    return (Int(min(left, Self.width - width)), Int(width))
  }

  private func place(_ time: Double) -> Double {
    (min(max((time - start) / span, 0), 1) * Self.width).rounded()
  }
}
