public import WorkflowLanguage

/// What happens to an attempt that takes longer than its `sla:` says.
extension AttemptStateMachine {
  /// Sets its tasks going below the root, once, if the attempt is still running.
  ///
  /// They count neither against the task limit nor as repeated by a later attempt. The alert cannot make the attempt fail.
  mutating func passServiceLevel(_ tasks: [TaskNode]) {
    let root = tree.root
    guard !isKilled, !root.state.isDone, root.state != .blocked,
      !root.children.contains(where: { tree[$0].fullName.hasPrefix(root.fullName + "^sla") })
    else { return }
    let added = tasks.map { task in
      add(task, under: root.id, task.name == "^sla^alert" ? .reaction : .serviceLevel)
    }
    for id in added.reversed() { activate(id) }
  }

  /// True when a task of `sla:` failed: running the workflow once more would not change that.
  func failsServiceLevel(_ id: TaskID) -> Bool {
    tree[id].children.contains { tree[$0].role == .serviceLevel && tree[$0].state.isFailure }
  }
}

/// By when an attempt should have ended.
public struct AttemptDeadline: Sendable {
  /// Unix seconds.
  public let time: Double
  /// What runs when it has not.
  public let tasks: [TaskNode]

  public init(time: Double, tasks: [TaskNode]) {
    self.time = time
    self.tasks = tasks
  }
}
