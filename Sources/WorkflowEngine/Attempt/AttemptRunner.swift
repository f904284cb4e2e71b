/// Runs one attempt: holds its state machine, saves each change, then performs what the machine asks for.
///
/// A completed task is saved before its successors start; what completes at the same moment is saved together.
public actor AttemptRunner {
  private var machine: AttemptStateMachine
  private let environment: AttemptEnvironment
  private let journal: AttemptJournal
  private let mailbox = Mailbox()
  private var scopes: ParameterScope
  /// Ready tasks without a worker, in the order in which they became ready.
  private var ready: ArraySlice<TaskID> = []
  private var running = 0
  private var ended: AttemptStatus?

  public init(
    machine: AttemptStateMachine,
    environment: AttemptEnvironment,
    journal: AttemptJournal
  ) {
    self.machine = machine
    self.environment = environment
    scopes = ParameterScope(session: environment.sessionParameters)
    self.journal = journal
  }

  /// The tasks as they stand.
  public var tree: TaskTree { machine.tree }

  /// Asks the attempt to end as `killed`: what runs is cancelled, what waits never starts.
  public nonisolated func kill() {
    mailbox.post(.kill)
  }

  /// Runs the attempt to its end.
  ///
  /// - Throws: what the journal throws; everything that runs is cancelled first.
  public func run() async throws -> AttemptStatus {
    let failure = await withDiscardingTaskGroup { group -> (any Error)? in
      defer { group.cancelAll() }
      do {
        try take([.begin], in: &group)
        while ended == nil { try take(await mailbox.next(), in: &group) }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    return ended ?? machine.status
  }

  private func take(
    _ events: [AttemptStateMachine.Event],
    in group: inout DiscardingTaskGroup
  ) throws {
    var actions: [AttemptStateMachine.Action] = []
    for event in events {
      if event.endsTry { running -= 1 }
      actions += machine.handle(event, at: environment.now())
    }
    for case .run(let id) in actions { ready.append(id) }
    let starting = startReady()
    try save()
    perform(actions, in: &group)
    for id in starting { launch(id, in: &group) }
  }

  /// Gives free workers to ready tasks.
  private func startReady() -> [TaskID] {
    var starting: [TaskID] = []
    while running < environment.workers, let id = ready.popFirst() {
      guard machine.tree[id].state == .ready else { continue }
      _ = machine.handle(.started(id), at: environment.now())
      running += 1
      starting.append(id)
    }
    return starting
  }

  private func save() throws {
    let changed = machine.drainChanges().map { machine.tree[$0] }
    guard !changed.isEmpty else { return }
    for entry in changed where entry.state.isDone { scopes.forget(entry.id) }
    // Told also when it cannot be saved: a full disk must not hide which task filled it.
    defer { environment.listener.changed(changed) }
    try journal.save(changed)
  }

  private func perform(
    _ actions: [AttemptStateMachine.Action],
    in group: inout DiscardingTaskGroup
  ) {
    for action in actions {
      switch action {
      case .run: break
      case .wake(let id, let pause):
        group.addTask { [mailbox] in
          do {
            try await Task.sleep(for: pause)
            mailbox.post(.due(id))
          } catch {
            return  // cancelled: the attempt is over or killed, nobody waits for the pause
          }
        }
      case .cancelRunning: group.cancelAll()
      case .warn(let id, let line):
        environment.listener.logged(machine.tree[id].fullName, .warning, line)
      case .end(let status): ended = status
      }
    }
  }

  private func launch(_ id: TaskID, in group: inout DiscardingTaskGroup) {
    let attempt = TaskTry(
      entry: machine.tree[id],
      parameters: scopes.parameters(of: id, in: machine.tree),
      remounts: machine.tree.remounts(of: id),
      taskLimit: machine.taskLimit,
      environment: environment
    )
    group.addTask { [mailbox] in mailbox.post(await attempt.run()) }
  }
}

extension AttemptStateMachine.Event {
  /// True when a worker is free again.
  fileprivate var endsTry: Bool {
    switch self {
    case .finished, .failed, .polling: true
    case .begin, .started, .due, .kill: false
    }
  }
}
