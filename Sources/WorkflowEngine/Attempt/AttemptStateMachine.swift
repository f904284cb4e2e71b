public import WorkflowLanguage
public import Values

/// The life of an attempt as a value: an event goes in, the tree changes, actions come out.
///
/// No clock, no I/O: who holds it performs the actions and hands in the time.
public struct AttemptStateMachine: Sendable {
  /// What happened.
  public enum Event: Sendable {
    /// The attempt begins.
    case begin
    /// A worker took a ready task.
    case started(TaskID)
    /// The operator finished; `check` is its compiled `_check`, `retry` its evaluated `_retry`.
    case finished(TaskID, TaskResult, check: TaskNode?, retry: RetryPolicy?)
    /// The try failed; `retry` is nil when the operator's own failures are not repeated.
    case failed(TaskID, TaskError, retry: RetryPolicy?)
    /// The operator wants to be called again.
    case polling(TaskID, after: Duration, state: ObjectValue)
    /// A pause is over.
    case due(TaskID)
    case kill
  }

  /// What is to be done.
  public enum Action: Sendable, Hashable {
    /// Run the operator of a task as soon as a worker is free.
    case run(TaskID)
    /// Send ``Event/due(_:)`` after a pause.
    case wake(TaskID, after: Duration)
    /// End everything that runs.
    case cancelRunning
    case warn(TaskID, String)
    case end(AttemptStatus)
  }

  /// One task that can move, waiting in the queue of the current event.
  private enum Step {
    case enter(TaskID)
    case close(TaskID)
  }

  /// Levels below the root on which tasks are still generated: full names grow with each, so endless recursion would
  /// fill the memory long before a large task limit is met.
  static let deepest = 1000

  public internal(set) var tree: TaskTree
  public let taskLimit: Int
  public private(set) var isKilled = false
  /// The tasks that changed since the last ``drainChanges()``.
  var changed = ChangedTasks()
  /// What succeeded in an earlier attempt, by full name.
  var finishedBefore = FinishedTasks()
  /// The full names of the tasks that never start.
  var held: Set<String> = []
  private var steps: [Step] = []
  private var actions: [Action] = []
  private var now = 0.0

  /// Lays out a workflow.
  ///
  /// - Throws: ``TaskFailure`` when the workflow alone has more tasks than an attempt may have.
  public init(root: TaskNode, taskLimit: Int) throws(TaskFailure) {
    tree = TaskTree(root: root)
    self.taskLimit = taskLimit
    guard tree.entries.count <= taskLimit else {
      throw TaskFailure(
        .config,
        "Too many tasks. Limit: \(taskLimit), Current: 0, Adding: \(tree.entries.count)"
      )
    }
    changed.insert(tree.entries.map(\.id))
  }

  public var status: AttemptStatus {
    switch tree.root.state {
    case .success: .success
    case .canceled: .killed
    case .error, .groupError: isKilled ? .killed : .error
    case .blocked, .ready, .running, .retryWaiting, .groupRetryWaiting, .planned: .running
    }
  }

  /// The tasks that changed since the last call, in the order of their last changes.
  public mutating func drainChanges() -> [TaskID] {
    defer { changed = ChangedTasks() }
    return changed.inOrder
  }

  /// Takes in one event.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - time: Unix seconds, for the tasks' start and end.
  /// - Returns: what is to be done now, in order.
  public mutating func handle(_ event: Event, at time: Double) -> [Action] {
    now = time
    actions = []
    steps = []
    apply(event)
    while let step = steps.popLast() {
      switch step {
      case .enter(let id): enter(id)
      case .close(let id): close(id)
      }
    }
    return actions
  }

  private mutating func apply(_ event: Event) {
    switch event {
    case .begin:
      activate(TaskTree.rootID)
    case .started(let id):
      set(id, .running)
      if tree[id].startedAt == nil { tree[id].startedAt = now }
    case .finished(let id, let result, let check, let retry):
      finish(id, result, check: check, retry: retry)
    case .failed(let id, let error, let retry):
      fail(id, error, retry: retry)
    case .polling(let id, let pause, let state):
      guard !isKilled else { return complete(id, .canceled) }
      tree[id].pollState = state
      set(id, .retryWaiting)
      actions.append(.wake(id, after: pause))
    case .due(let id):
      resume(id)
    case .kill:
      kill()
    }
  }
}

// MARK: - How tasks move

extension AttemptStateMachine {
  /// A blocked task whose upstreams have all succeeded becomes part of what is under way.
  private mutating func activate(_ id: TaskID) {
    if let parent = tree[id].parent { tree[parent].activeChildren += 1 }
    steps.append(.enter(id))
  }

  private mutating func enter(_ id: TaskID) {
    guard !isKilled else { return complete(id, .canceled) }
    if tree[id].isGroup {
      if tree[id].startedAt == nil { tree[id].startedAt = now }
      set(id, .planned)
      openChildren(of: id)
    } else {
      set(id, .ready)
      actions.append(.run(id))
    }
  }

  /// Lets the children go that wait for nobody; closes the task when none is under way.
  private mutating func openChildren(of id: TaskID) {
    let free = tree[id].children.filter {
      !tree[$0].isSuperseded && tree[$0].state == .blocked && tree[$0].waitingFor == 0
    }
    if free.isEmpty { return steps.append(.close(id)) }
    for child in free.reversed() { activate(child) }
  }

  private mutating func complete(_ id: TaskID, _ state: TaskState) {
    set(id, state)
    tree[id].finishedAt = now
    guard let parent = tree[id].parent else { return actions.append(.end(status)) }
    tree[parent].activeChildren -= 1
    if state == .success { release(tree[id].downstreams) }
    if tree[parent].activeChildren == 0 { steps.insert(.close(parent), at: 0) }
  }

  private mutating func release(_ downstreams: [TaskID]) {
    for next in downstreams.reversed() {
      tree[next].waitingFor -= 1
      if tree[next].waitingFor == 0, tree[next].state == .blocked { activate(next) }
    }
  }

  /// All children of a planned task are at rest: decides what becomes of it.
  private mutating func close(_ id: TaskID) {
    guard tree[id].state == .planned, tree[id].activeChildren == 0 else { return }
    if let end = tree[id].delayedEnd { return complete(id, isKilled ? .canceled : end) }
    guard !isKilled else { return complete(id, .canceled) }
    let failed = tree[id].children.contains {
      let child = tree[$0]
      return !child.isSuperseded && child.role != .reaction && child.state.isFailure
    }
    guard failed else { return complete(id, .success) }
    if let pause = groupRetry(of: id)?.delay(after: tree[id].retryCount) {
      tree[id].retryCount += 1
      set(id, .groupRetryWaiting)
      return actions.append(.wake(id, after: pause))
    }
    react(id, to: failure(below: id), end: .groupError)
  }

  private mutating func finish(
    _ id: TaskID,
    _ result: TaskResult,
    check: TaskNode?,
    retry: RetryPolicy?
  ) {
    guard !isKilled else { return complete(id, .canceled) }
    let adding = count(result.subtasks) + count(check)
    guard adding == 0 || tree.entries.count + adding <= taskLimit else {
      let message =
        "Too many tasks. Limit: \(taskLimit), Current: \(tree.entries.count), Adding: \(adding)"
      return fail(id, TaskError(message: message + " (config)"), retry: nil)
    }
    guard adding == 0 || tree[id].depth < Self.deepest else {
      let message = "Too many tasks in one another. Limit: \(Self.deepest) levels"
      return fail(
        id,
        TaskError(message: message + " (config)", detail: "a `call>` may call its own file"),
        retry: nil
      )
    }
    tree[id].retry = retry
    keep(id, result)
    var children: [TaskID] = []
    if let subtasks = result.subtasks { children.append(add(subtasks, under: id, .generated)) }
    if let check { children.append(add(check, under: id, .check)) }
    guard !children.isEmpty else { return complete(id, .success) }
    tree.connect(children[children.count - 1], after: Array(children.dropLast()))
    set(id, .planned)
    openChildren(of: id)
  }

  mutating func keep(_ id: TaskID, _ result: TaskResult) {
    tree[id].error = nil
    tree[id].exported = result.export
    tree[id].store = result.store
    tree[id].reset = result.reset
    tree[id].pollState = [:]
    if !result.store.isEmpty || !result.reset.isEmpty { noteStore(of: id) }
  }

  /// Tells the tasks above that something below them was stored.
  private mutating func noteStore(of id: TaskID) {
    var above: TaskID? = id
    while let ancestor = above {
      tree[ancestor].storing.insertInOrder(id)
      above = tree[ancestor].parent
    }
  }

  private mutating func fail(_ id: TaskID, _ error: TaskError, retry: RetryPolicy?) {
    guard !isKilled else { return complete(id, .canceled) }
    tree[id].error = error
    if let pause = retry?.delay(after: tree[id].retryCount) {
      tree[id].retryCount += 1
      set(id, .retryWaiting)
      return actions.append(.wake(id, after: pause))
    }
    react(
      id,
      to: ["message": .string(error.message), "stacktrace": .string(error.detail)],
      end: .error
    )
  }

  /// Ends a failed task, by way of its `_error` tasks and, for the root, the failure alert.
  private mutating func react(_ id: TaskID, to error: ObjectValue, end: TaskState) {
    var reactions: [TaskID] = []
    for var node in tree[id].node.error {
      if end == .groupError {
        node.export = tree.stores(below: id).merging(
          node.export
        )
      }
      node.export.set(.object(error), at: ["error"])
      reactions.append(add(node, under: id, .reaction))
    }
    if id == TaskTree.rootID { reactions.append(add(Self.failureAlert, under: id, .reaction)) }
    guard !reactions.isEmpty else { return complete(id, end) }
    tree[id].delayedEnd = end
    set(id, .planned)
    for reaction in reactions.reversed() { activate(reaction) }
  }

  private static let failureAlert = TaskNode(
    name: "^failure-alert",
    kind: .operation(type: "notify"),
    config: ["_type": "notify", "_command": "Workflow session attempt failed"]
  )

  /// The merged errors of what failed below a group; of two the one with the higher id wins.
  private func failure(below id: TaskID) -> ObjectValue {
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
  private mutating func resume(_ id: TaskID) {
    switch tree[id].state {
    case .retryWaiting:
      set(id, .ready)
      actions.append(.run(id))
    case .groupRetryWaiting where tree[id].isGroup:
      let first = tree.entries.count
      tree.copyWrittenChildren(of: id)
      changed.insert(first...tree.entries.count)
      for copy in tree.entries.dropFirst(first) where held.contains(copy.fullName) { hold(copy.id) }
      set(id, .planned)
      openChildren(of: id)
    case .groupRetryWaiting:
      tree.supersedeChildren(of: id)
      set(id, .ready)
      actions.append(.run(id))
    case .blocked, .ready, .running, .planned, .success, .error, .groupError, .canceled: break
    }
  }

  private mutating func kill() {
    guard !isKilled, !tree.root.state.isDone else { return }
    isKilled = true
    actions.append(.cancelRunning)
    for entry in tree.entries {
      switch entry.state {
      case .ready, .retryWaiting: complete(entry.id, .canceled)
      case .groupRetryWaiting:
        set(entry.id, .planned)
        steps.append(.close(entry.id))
      case .blocked, .running, .planned, .success, .error, .groupError, .canceled: break
      }
    }
  }

  /// `_retry` of a group as written, of an operator task as evaluated.
  private mutating func groupRetry(of id: TaskID) -> RetryPolicy? {
    guard tree[id].isGroup, let raw = tree[id].node.retry else { return tree[id].retry }
    do {
      return try RetryPolicy(raw)
    } catch {
      actions.append(.warn(id, "`_retry` is ignored: \(error.message)"))
      return nil
    }
  }

  private mutating func add(_ node: TaskNode, under id: TaskID, _ role: TaskEntry.Role) -> TaskID {
    let first = tree.entries.count + 1
    let child = tree.add(node, under: id, role: role)
    changed.insert(first...tree.entries.count)
    if role != .reaction { for new in first...tree.entries.count { takeOver(new) } }
    return child
  }

  private func count(_ node: TaskNode?) -> Int {
    guard let node else { return 0 }
    return node.children.reduce(1) { $0 + count($1) }
  }

  private mutating func set(_ id: TaskID, _ state: TaskState) {
    tree[id].state = state
    changed.insert(CollectionOfOne(id))
  }
}

extension [TaskID] {
  /// Keeps the ids in order, each once; they mostly come in order.
  fileprivate mutating func insertInOrder(_ id: TaskID) {
    let position = lastIndex { $0 < id }.map { $0 + 1 } ?? 0
    if position == count || self[position] != id { insert(id, at: position) }
  }
}
