import WorkflowLanguage

/// Ready tasks that wait for a worker: those of different parallel groups take turns, inside a group the first goes first.
///
/// So a loop of ten thousand does not keep a small group beside it waiting.
struct ReadyTasks {
  private var queues: [TaskID: ArraySlice<TaskID>] = [:]
  /// The groups that have a task waiting, in the order of their turns.
  private var turns: ArraySlice<TaskID> = []

  /// - Parameters:
  ///   - id: the task.
  ///   - group: the nearest parallel group above it.
  mutating func append(_ id: TaskID, of group: TaskID) {
    if queues[group, default: []].isEmpty { turns.append(group) }
    queues[group, default: []].append(id)
  }

  /// The task whose turn it is.
  mutating func popFirst() -> TaskID? {
    guard let group = turns.popFirst(), let id = queues[group]?.popFirst() else { return nil }
    if queues[group]?.isEmpty == false {
      turns.append(group)
    } else {
      queues[group] = nil
    }
    return id
  }
}

extension TaskTree {
  /// The nearest group above a task whose children may run at the same time; the root where there is none.
  func parallelGroup(above id: TaskID) -> TaskID {
    var level = id
    while let parent = self[level].parent {
      if case .parallel = self[parent].node.order { return parent }
      level = parent
    }
    return level
  }
}
