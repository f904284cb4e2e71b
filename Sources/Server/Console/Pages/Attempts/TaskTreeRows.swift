import WorkflowEngine

/// The tasks of an attempt in the order of the file, each behind its group.
struct TaskTreeRows: Sendable {
  struct Row: Sendable {
    let task: AttemptPage.Task
    /// 0 for the outermost that is shown.
    let depth: Int
    /// Its part of the full name.
    let label: String
    /// Its own times, or those of what is in it.
    let start: Double?
    let end: Double?
    /// How many tasks are below it.
    let inside: Int
  }

  let rows: [Row]

  /// - Parameter group: only what is below this task; nil for all.
  init(_ tasks: [AttemptPage.Task], group: Int? = nil) {
    var walk = Walk(tasks)
    let known = Set(tasks.map(\.id))
    if let group {
      walk.visit(children: walk.children[group] ?? [], depth: 0, prefix: walk.name(of: group))
    } else {
      let roots = tasks.indices.filter { index in
        tasks[index].parent.map { !known.contains($0) } ?? true
      }
      walk.visit(children: roots, depth: 0, prefix: "")
    }
    rows = walk.rows
  }

  /// Goes down the tree; a row is written before its children and completed behind them.
  private struct Walk {
    let tasks: [AttemptPage.Task]
    let children: [Int: [Int]]
    var rows: [Row] = []
    private let places: [Int: Int]

    init(_ tasks: [AttemptPage.Task]) {
      self.tasks = tasks
      places = Dictionary(
        tasks.indices.map { (tasks[$0].id, $0) },
        uniquingKeysWith: { first, _ in first }
      )
      var children: [Int: [Int]] = [:]
      for (place, task) in tasks.enumerated() {
        // What points at itself or forward is no tree; such a task stands at the top.
        if let parent = task.parent, parent < task.id {
          children[parent, default: []].append(place)
        }
      }
      self.children = children
    }

    func name(of id: Int) -> String { places[id].map { tasks[$0].fullName } ?? "" }

    mutating func visit(children wanted: [Int], depth: Int, prefix: String) {
      for place in wanted {
        let task = tasks[place]
        let row = rows.count
        rows.append(Row(task: task, depth: depth, label: "", start: nil, end: nil, inside: 0))
        visit(children: children[task.id] ?? [], depth: depth + 1, prefix: task.fullName)
        let below = rows[(row + 1)...]
        let own =
          task.fullName.hasPrefix(prefix)
          ? String(task.fullName.dropFirst(prefix.count)) : task.fullName
        rows[row] = Row(
          task: task,
          depth: depth,
          label: own.isEmpty ? task.fullName : own,
          start: task.startedAt ?? below.compactMap(\.start).min(),
          end: task.finishedAt ?? (task.state.isDone ? below.compactMap(\.end).max() : nil),
          inside: below.count
        )
      }
    }
  }
}
