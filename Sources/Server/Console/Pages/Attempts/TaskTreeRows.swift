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

  /// A task on its way to a row.
  private struct Step {
    let place: Int
    let depth: Int
    /// The row of its group.
    let above: Int?
    let prefix: String
  }

  /// What is known of a task and of all below it.
  private struct Extent {
    var start: Double?
    var end: Double?
    var inside = 0
  }

  /// - Parameters:
  ///   - tasks: all of the attempt, in order of numbers.
  ///   - group: only what is below this task; nil for all.
  init(_ tasks: [AttemptPage.Task], group: Int? = nil) {
    let known = Set(tasks.map(\.id))
    var children: [Int: [Int]] = [:]
    var roots: [Int] = []
    for (place, task) in tasks.enumerated() {
      // What points at itself or forward is no tree; such a task stands at the top.
      if let parent = task.parent, parent < task.id, known.contains(parent) {
        children[parent, default: []].append(place)
      } else {
        roots.append(place)
      }
    }
    let prefix = group.flatMap { id in tasks.first { $0.id == id }?.fullName } ?? ""
    let first = group.map { children[$0] ?? [] } ?? roots
    // A stack of its own: how deep tasks are nested is up to whoever wrote them.
    var open = first.reversed().map { Step(place: $0, depth: 0, above: nil, prefix: prefix) }
    var steps: [Step] = []
    while let step = open.popLast() {
      let task = tasks[step.place]
      let row = steps.count
      steps.append(step)
      for place in (children[task.id] ?? []).reversed() {
        open.append(
          Step(place: place, depth: step.depth + 1, above: row, prefix: task.fullName)
        )
      }
    }
    let extents = Self.extents(steps, tasks)
    rows = zip(steps, extents).map { step, extent in
      let task = tasks[step.place]
      return Row(
        task: task,
        depth: step.depth,
        label: Self.label(task.fullName, below: step.prefix),
        start: extent.start,
        end: extent.end,
        inside: extent.inside
      )
    }
  }

  private static func label(_ name: String, below prefix: String) -> String {
    name.hasPrefix(prefix) && name != prefix ? String(name.dropFirst(prefix.count)) : name
  }

  /// From the last row to the first, so that a group hears of all that is in it.
  private static func extents(_ steps: [Step], _ tasks: [AttemptPage.Task]) -> [Extent] {
    var extents = [Extent](repeating: Extent(), count: steps.count)
    for row in steps.indices.reversed() {
      let task = tasks[steps[row].place]
      extents[row].start = task.startedAt ?? extents[row].start
      extents[row].end = task.state.isDone ? task.finishedAt ?? extents[row].end : nil
      guard let above = steps[row].above else { continue }
      extents[above].inside += extents[row].inside + 1
      if let start = extents[row].start {
        extents[above].start = min(extents[above].start ?? start, start)
      }
      if let end = extents[row].end { extents[above].end = max(extents[above].end ?? end, end) }
    }
    return extents
  }
}
