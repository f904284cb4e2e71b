public import Values
public import WorkflowLanguage

/// The life of an attempt as a value: an event goes in, the tree changes, actions come out.
///
/// No clock, no I/O: who holds it performs the actions and hands in the time.
public struct AttemptStateMachine: Sendable {
  /// What happened.
  public enum Event: Sendable {
    /// The attempt begins, or goes on after ``init(restoring:limits:)``.
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
    /// The attempt has been run for so much longer.
    case tick(Duration)
    /// It takes longer than its `sla:` says: these tasks are set going.
    case slaPassed([TaskNode])
    /// Its end was asked for: wins over whatever else happened at the same time.
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
    /// Tell people why the attempt is killed.
    case alert(String)
    case end(AttemptStatus)
  }

  /// One task that can move, waiting in the queue of the current event.
  enum Step {
    case enter(TaskID)
    case close(TaskID)
  }

  /// Levels below the root on which tasks are still generated: full names grow with each, so endless recursion would
  /// fill the memory long before a large task limit is met.
  static let deepest = 1000

  public internal(set) var tree: TaskTree
  public let limits: AttemptLimits
  public internal(set) var isKilled = false
  /// Why the attempt was killed, where it was not asked for.
  public internal(set) var endMessage: String?
  /// The tasks that changed since they were last drained.
  var changed = ChangedTasks()
  /// What succeeded in an earlier attempt, by full name.
  var finishedBefore = FinishedTasks()
  /// The full names of the tasks that never start.
  var held: Set<String> = []
  /// How long the attempt has been run, in seconds; a clock that jumps does not change it.
  var uptime = 0.0
  var steps: [Step] = []
  var actions: [Action] = []
  var now = 0.0

  /// Lays out a workflow.
  ///
  /// - Throws: ``TaskFailure`` when the workflow alone has more tasks than an attempt may have.
  public init(root: TaskNode, limits: AttemptLimits = .usual) throws(TaskFailure) {
    let count = root.countOfTasks
    guard count <= limits.tasks else {
      throw TaskFailure(
        .config,
        "Too many tasks. Limit: \(limits.tasks), Current: 0, Adding: \(count)",
        detail: "`--task-limit` raises the limit"
      )
    }
    tree = TaskTree(root: root)
    self.limits = limits
    changed.insert(tree.ids, .new)
  }

  /// Goes on with an attempt that was saved: what was running is ready again, what waited waits for the rest of its pause.
  ///
  /// Send ``Event/begin`` to have it moving.
  public init(restoring saved: SavedAttempt, limits: AttemptLimits = .usual) {
    tree = saved.tree
    self.limits = limits
    finishedBefore = FinishedTasks(saved.finishedBefore)
    held = saved.held
    isKilled = saved.isKilled
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
  public mutating func drainChanges() -> [TaskChange] { changed.drain() }

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
    case .begin: begin()
    case .started(let id):
      set(id, .running)
      if tree[id].startedAt == nil { tree[id].startedAt = now }
    case .finished(let id, let result, let check, let retry):
      if tree[id].state == .running { finish(id, result, check: check, retry: retry) }
    case .failed(let id, let error, let retry):
      if tree[id].state == .running { fail(id, error, retry: retry) }
    case .polling(let id, let pause, let state):
      if tree[id].state == .running { poll(id, after: pause, state: state) }
    case .due(let id): resume(id)
    case .tick(let time): tick(time)
    case .slaPassed(let tasks): passServiceLevel(tasks)
    case .kill: kill()
    }
  }
}

extension TaskNode {
  /// This task and those written below it.
  var countOfTasks: Int { children.reduce(1) { $0 + $1.countOfTasks } }
}
