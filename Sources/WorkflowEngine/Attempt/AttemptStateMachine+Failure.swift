import Values
import WorkflowLanguage

/// What becomes of tasks that failed: another try, `_error` tasks, another round of their group.
extension AttemptStateMachine {
  mutating func fail(_ id: TaskID, _ error: TaskError, retry: RetryPolicy?) {
    guard !isKilled else { return complete(id, .canceled) }
    tree[id].error = error
    changed.insert(id, .outcome)
    if let pause = retry?.delay(after: tree[id].retryCount) {
      tree[id].retryCount += 1
      return wait(id, .retryWaiting, for: pause)
    }
    react(
      id,
      to: ["message": .string(error.message), "stacktrace": .string(error.detail)],
      end: .error
    )
  }

  /// Ends a failed task, by way of its `_error` tasks and, for the root, the failure alert.
  mutating func react(_ id: TaskID, to error: ObjectValue, end: TaskState) {
    var reactions: [TaskID] = []
    for var node in tree[id].node.error {
      if end == .groupError { node.export = tree.stores(below: id).merging(node.export) }
      node.export.set(.object(error), at: ["error"])
      reactions.append(add(node, under: id, .reaction))
    }
    if id == TaskTree.rootID { reactions.append(add(Self.failureAlert, under: id, .reaction)) }
    guard !reactions.isEmpty else { return complete(id, end) }
    tree[id].delayedEnd = end
    changed.insert(id, .outcome)
    set(id, .planned)
    for reaction in reactions.reversed() { activate(reaction) }
  }

  private static let failureAlert = TaskNode(
    name: "^failure-alert",
    kind: .operation(type: "notify"),
    config: ["_type": "notify", "_command": "Workflow session attempt failed"]
  )

  /// The merged errors of what failed below a group; of two the one with the higher id wins.
  func failure(below id: TaskID) -> ObjectValue {
    var merged = ObjectValue()
    var open = tree[id].children
    var found: [TaskID] = []
    while let next = open.popLast() {
      guard !tree[next].isSuperseded, tree[next].state.isFailure else { continue }
      if tree[next].error != nil { found.append(next) }
      open.append(contentsOf: tree[next].children)
    }
    for failed in found.sorted() {
      guard let error = tree[failed].error else { continue }
      merged.merge(["message": .string(error.message), "stacktrace": .string(error.detail)])
    }
    return merged
  }

  /// A pause of a task is over.
  mutating func resume(_ id: TaskID) {
    switch tree[id].state {
    case .retryWaiting: makeReady(id)
    case .groupRetryWaiting where tree[id].isGroup:
      let first = tree.entries.count + 1
      changed.insert(tree.copyWrittenChildren(of: id), .outcome)
      for copy in tree.ids.dropFirst(first - 1) {
        changed.insert(copy, .new)
        if held.contains(tree[copy].fullName) { hold(copy) }
      }
      set(id, .planned)
      openChildren(of: id)
    case .groupRetryWaiting:
      changed.insert(tree.supersedeChildren(of: id), .outcome)
      makeReady(id)
    case .blocked, .ready, .running, .planned, .success, .error, .groupError, .canceled: break
    }
  }

  mutating func makeReady(_ id: TaskID) {
    set(id, .ready)
    actions.append(.run(id))
  }

  /// `_retry` of a group as written, of an operator task as evaluated.
  mutating func groupRetry(of id: TaskID) -> RetryPolicy? {
    guard tree[id].isGroup, let raw = tree[id].node.retry else { return tree[id].retry }
    do {
      return try RetryPolicy(raw)
    } catch {
      actions.append(.warn(id, "`_retry` is ignored: \(error.message)"))
      return nil
    }
  }
}
