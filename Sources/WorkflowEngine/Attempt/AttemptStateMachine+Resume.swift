public import Values
import WorkflowLanguage

/// A task that succeeded in an earlier attempt of the session.
public struct FinishedTask: Sendable, Hashable {
  public let fullName: String
  public let store: ObjectValue
  public let reset: [[String]]
  public let exported: ObjectValue

  public init(fullName: String, store: ObjectValue, reset: [[String]], exported: ObjectValue) {
    self.fullName = fullName
    self.store = store
    self.reset = reset
    self.exported = exported
  }
}

/// Finished tasks by full name, and by the task that generated them.
struct FinishedTasks: Sendable {
  private var byName: [String: FinishedTask] = [:]
  private var byGenerator: [String: [FinishedTask]] = [:]

  init(_ tasks: [FinishedTask] = []) {
    for task in tasks {
      byName[task.fullName] = task
      for position in task.fullName.indices where task.fullName[position] == "^" {
        byGenerator[String(task.fullName[..<position]), default: []].append(task)
      }
    }
  }

  subscript(fullName: String) -> FinishedTask? { byName[fullName] }

  func generated(by fullName: String) -> [FinishedTask] { byGenerator[fullName] ?? [] }
}

extension AttemptStateMachine {
  /// Takes over what succeeded before: those tasks are not run again and keep what they stored.
  ///
  /// Matching is by full name, for tasks of the file now and for generated ones when they appear. A group is judged
  /// by its children, so a task that was added to it since runs.
  /// - Returns: how many tasks were taken over.
  public mutating func takeOver(_ finished: [FinishedTask]) -> Int {
    finishedBefore = FinishedTasks(finished)
    for id in tree.ids { takeOver(id) }
    return tree.entries.count { $0.isResumed }
  }

  /// Marks one new task as done if it succeeded before; what it had generated comes along, for the sake of the stores.
  mutating func takeOver(_ id: TaskID) {
    let entry = tree[id]
    guard !entry.isGroup, let task = finishedBefore[entry.fullName] else { return }
    mark(id, as: task)
    for task in finishedBefore.generated(by: entry.fullName) {
      let node = TaskNode(name: String(task.fullName.dropFirst(entry.fullName.count)))
      let child = tree.add(node, under: id, role: .generated)
      changed.insert(child, .new)
      mark(child, as: task)
    }
  }

  /// Keeps back what does not lead to a task: at each level above it, all siblings but those it waits for.
  ///
  /// They stay `blocked`; their group succeeds without them.
  public mutating func holdBack(beyond goal: TaskID) {
    var level = goal
    while let parent = tree[level].parent {
      let needed = tree.upstreamClosure(of: [level])
      for sibling in tree[parent].children where !needed.contains(sibling) { hold(sibling) }
      level = parent
    }
  }

  /// A task that waits for one more than there is never starts.
  mutating func hold(_ id: TaskID) {
    held.insert(tree[id].fullName)
    tree[id].isHeld = true
    tree[id].waitingFor += 1
    changed.insert(id, .outcome)
  }

  private mutating func mark(_ id: TaskID, as task: FinishedTask) {
    tree[id].isResumed = true
    tree[id].state = .success
    keep(id, TaskResult(store: task.store, reset: task.reset, export: task.exported))
    changed.insert(id, .outcome)
    for next in tree[id].downstreams { tree[next].waitingFor -= 1 }
  }
}
