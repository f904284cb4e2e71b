import WorkflowLanguage

/// The tasks of an attempt as they were saved, and what was decided when it began.
public struct SavedAttempt: Sendable {
  public let tree: TaskTree
  /// What succeeded in the attempt that this one takes over from.
  public let finishedBefore: [FinishedTask]
  /// The full names of the tasks that never start.
  public let held: Set<String>
  /// Its end was asked for.
  public let isKilled: Bool

  public init(
    tree: TaskTree,
    finishedBefore: [FinishedTask] = [],
    held: Set<String> = [],
    isKilled: Bool = false
  ) {
    self.tree = tree
    self.finishedBefore = finishedBefore
    self.held = held
    self.isKilled = isKilled
  }
}

extension AttemptStateMachine {
  /// Sets everything moving that may move; a new attempt has only its root.
  mutating func begin() {
    guard tree.root.state != .blocked else {
      return isKilled ? complete(1, .canceled) : activate(1)
    }
    guard !tree.root.state.isDone else { return actions.append(.end(status)) }
    if isKilled {
      isKilled = false
      for id in tree.ids where tree[id].state == .running { set(id, .ready) }
      return kill()
    }
    for id in tree.ids { goOn(id) }
  }

  private mutating func goOn(_ id: TaskID) {
    switch tree[id].state {
    // What ran is lost, but not the state that its operator left when it last asked to be called again.
    case .running: makeReady(id)
    case .ready: actions.append(.run(id))
    case .retryWaiting, .groupRetryWaiting:
      let rest = max(0, (tree[id].dueAt ?? now) - now)
      actions.append(.wake(id, after: .seconds(rest)))
    case .planned where tree[id].activeChildren == 0: openChildren(of: id)
    case .blocked, .planned, .groupError, .success, .error, .canceled: break
    }
  }
}
