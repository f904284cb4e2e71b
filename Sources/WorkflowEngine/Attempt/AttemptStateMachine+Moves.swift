import Values
import WorkflowLanguage

/// How tasks start, finish and bring those around them along.
extension AttemptStateMachine {
  /// A blocked task whose upstreams have all succeeded becomes part of what is under way.
  mutating func activate(_ id: TaskID) {
    if let parent = tree[id].parent { tree[parent].activeChildren += 1 }
    steps.append(.enter(id))
  }

  mutating func enter(_ id: TaskID) {
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
  mutating func openChildren(of id: TaskID) {
    let free = tree[id].children.filter {
      !tree[$0].isSuperseded && tree[$0].state == .blocked && tree[$0].waitingFor == 0
    }
    if free.isEmpty { return steps.append(.close(id)) }
    for child in free.reversed() { activate(child) }
  }

  mutating func complete(_ id: TaskID, _ state: TaskState) {
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
  mutating func close(_ id: TaskID) {
    guard tree[id].state == .planned, tree[id].activeChildren == 0 else { return }
    if let end = tree[id].delayedEnd { return complete(id, isKilled ? .canceled : end) }
    guard !isKilled else { return complete(id, .canceled) }
    let failed = tree[id].children.contains {
      !tree[$0].isSuperseded && tree[$0].role != .reaction && tree[$0].state.isFailure
    }
    guard failed else { return complete(id, .success) }
    if !failsServiceLevel(id),
      let pause = groupRetry(of: id)?.delay(after: tree[id].retryCount)
    {
      tree[id].retryCount += 1
      return wait(id, .groupRetryWaiting, for: pause)
    }
    react(id, to: failure(below: id), end: .groupError)
  }

  mutating func finish(_ id: TaskID, _ result: TaskResult, check: TaskNode?, retry: RetryPolicy?) {
    guard !isKilled else { return complete(id, .canceled) }
    let adding = (result.subtasks?.countOfTasks ?? 0) + (check?.countOfTasks ?? 0)
    if let refusal = refusal(ofAdding: adding, below: id) { return fail(id, refusal, retry: nil) }
    if tree[id].retry != retry {
      tree[id].retry = retry
      changed.insert(id, .outcome)
    }
    keep(id, result)
    guard adding > 0 else { return complete(id, .success) }
    let generated = result.subtasks.map { add($0, under: id, .generated) }
    if let check {
      let check = add(check, under: id, .check)
      if let generated { tree.connect(check, after: [generated]) }
    }
    set(id, .planned)
    openChildren(of: id)
  }

  private func refusal(ofAdding adding: Int, below id: TaskID) -> TaskError? {
    guard adding > 0 else { return nil }
    let (count, limit) = (tree.entries.count, limits.tasks)
    guard count + adding <= limit else {
      return TaskError(
        message: "Too many tasks. Limit: \(limit), Current: \(count), Adding: \(adding) (config)"
      )
    }
    guard tree[id].depth < Self.deepest else {
      return TaskError(
        message: "Too many tasks in one another. Limit: \(Self.deepest) levels (config)",
        detail: "a `call>` may call its own file"
      )
    }
    return nil
  }

  mutating func poll(_ id: TaskID, after pause: Duration, state: ObjectValue) {
    guard !isKilled else { return complete(id, .canceled) }
    if tree[id].pollState != state {
      tree[id].pollState = state
      changed.insert(id, .outcome)
    }
    wait(id, .retryWaiting, for: pause)
  }

  mutating func wait(_ id: TaskID, _ state: TaskState, for pause: Duration) {
    set(id, state)
    tree[id].dueAt = now + pause.inSeconds
    actions.append(.wake(id, after: pause))
  }

  mutating func keep(_ id: TaskID, _ result: TaskResult) {
    if tree[id].leaves(result) { changed.insert(id, .outcome) }
    tree[id].error = nil
    tree[id].exported = result.export
    tree[id].store = result.store
    tree[id].reset = result.reset
    tree[id].pollState = [:]
    if !result.store.isEmpty || !result.reset.isEmpty { tree.noteStore(of: id) }
  }

  mutating func add(_ node: TaskNode, under id: TaskID, _ role: TaskEntry.Role) -> TaskID {
    let first = tree.entries.count + 1
    let child = tree.add(node, under: id, role: role)
    changed.insert(first...tree.entries.count, .new)
    if role != .reaction, role != .serviceLevel {
      for new in first...tree.entries.count { takeOver(new) }
    }
    return child
  }

  mutating func set(_ id: TaskID, _ state: TaskState) {
    tree[id].state = state
    tree[id].dueAt = nil
    switch state {
    case .running, .groupRetryWaiting:
      if tree[id].busySince == nil { tree[id].busySince = uptime }
    case .ready, .retryWaiting: break
    case .blocked, .planned, .groupError, .success, .error, .canceled: tree[id].busySince = nil
    }
    changed.insert(id, .state)
  }
}

extension TaskEntry {
  /// True when a result makes the task other than it is saved.
  fileprivate func leaves(_ result: TaskResult) -> Bool {
    error != nil || !pollState.isEmpty || !exported.isEmpty || !store.isEmpty || !reset.isEmpty
      || !result.export.isEmpty || !result.store.isEmpty || !result.reset.isEmpty
  }
}
