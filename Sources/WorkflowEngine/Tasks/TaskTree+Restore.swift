import Values
import WorkflowLanguage

/// A task as it was saved.
struct SavedTask: Sendable {
  let id: TaskID
  let parent: TaskID?
  let role: TaskEntry.Role
  /// nil for a task that the workflow's own layout has.
  let node: TaskNode?
  let upstreams: [TaskID]
  let state: TaskState
  let store: ObjectValue
  let reset: [[String]]
  let exported: ObjectValue
  let pollState: ObjectValue
  let error: TaskError?
  let retryCount: Int
  let retry: RetryPolicy?
  let delayedEnd: TaskState?
  let dueAt: Double?
  let startedAt: Double?
  let finishedAt: Double?
  let isSuperseded: Bool
  let isResumed: Bool
  let isHeld: Bool
}

extension TaskTree {
  /// Lays out a workflow and brings its tasks, and those that came later, to where they stood.
  ///
  /// - Parameters:
  ///   - root: the workflow.
  ///   - saved: in order of ids.
  /// - Throws: ``EngineError`` `unreadable` when the two do not belong together.
  init(root: TaskNode, saved: [SavedTask]) throws(EngineError) {
    self.init(root: root)
    guard saved.count >= entries.count else {
      throw Self.unreadable("expected \(entries.count) tasks or more, found \(saved.count)")
    }
    let laidOut = entries.count
    for (position, task) in saved.enumerated() {
      guard task.id == position + 1 else {
        throw Self.unreadable("expected task \(position + 1), found \(task.id)")
      }
      if position == entries.count { try append(task) }
      take(task)
    }
    drawAgain(beyond: laidOut)
  }

  private static func unreadable(_ what: String) -> EngineError {
    EngineError(.unreadable, "the saved tasks do not fit the workflow: \(what)")
  }

  private mutating func append(_ task: SavedTask) throws(EngineError) {
    guard let node = task.node, let parent = task.parent, parent < task.id else {
      throw Self.unreadable("task \(task.id) has no definition or no parent")
    }
    append(TaskEntry(id: task.id, under: self[parent], role: task.role, node: node))
    self[task.id].upstreams = task.upstreams
    self[parent].children.append(task.id)
  }

  private mutating func take(_ task: SavedTask) {
    self[task.id].state = task.state
    self[task.id].store = task.store
    self[task.id].reset = task.reset
    self[task.id].exported = task.exported
    self[task.id].pollState = task.pollState
    self[task.id].error = task.error
    self[task.id].retryCount = task.retryCount
    self[task.id].retry = task.retry
    self[task.id].delayedEnd = task.delayedEnd
    self[task.id].dueAt = task.dueAt
    self[task.id].startedAt = task.startedAt
    self[task.id].finishedAt = task.finishedAt
    self[task.id].isSuperseded = task.isSuperseded
    self[task.id].isResumed = task.isResumed
    self[task.id].isHeld = task.isHeld
  }

  /// Draws the arrows of the tasks that the layout does not have, and counts again what follows from the states.
  private mutating func drawAgain(beyond laidOut: Int) {
    for id in ids.dropFirst(laidOut) {
      for upstream in self[id].upstreams { self[upstream].downstreams.append(id) }
    }
    for id in ids {
      let open = self[id].upstreams.count { self[$0].state != .success }
      self[id].waitingFor = open + (self[id].isHeld ? 1 : 0)
      if let parent = self[id].parent, self[id].state.isUnderWay {
        self[parent].activeChildren += 1
      }
      if !self[id].store.isEmpty || !self[id].reset.isEmpty { noteStore(of: id) }
    }
  }
}

extension TaskState {
  /// True for a task that was let go and has not come to its end.
  fileprivate var isUnderWay: Bool {
    switch self {
    case .ready, .running, .retryWaiting, .groupRetryWaiting, .planned: true
    case .blocked, .groupError, .success, .error, .canceled: false
    }
  }
}
