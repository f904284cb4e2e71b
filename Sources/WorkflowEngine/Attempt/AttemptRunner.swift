import Values
import WorkflowLanguage

/// Runs one attempt: holds its state machine, saves each change, then performs what the machine asks for.
///
/// A completed task is saved before its successors start; what completes at the same moment is saved together. A runner
/// that lost its claim ends everything it runs and writes nothing more.
public actor AttemptRunner {
  private var machine: AttemptStateMachine
  private let environment: AttemptEnvironment
  private let journal: AttemptJournal
  private let deadline: AttemptDeadline?
  private let mailbox = Mailbox()
  private let suspension = Suspension()
  private var scopes: ParameterScope
  private var ready = ReadyTasks()
  private var running = 0
  private var isKillSaved = false
  private var ended: AttemptStatus?

  public init(
    machine: AttemptStateMachine,
    environment: AttemptEnvironment,
    journal: AttemptJournal,
    deadline: AttemptDeadline? = nil
  ) {
    self.machine = machine
    self.environment = environment
    scopes = ParameterScope(session: environment.sessionParameters)
    self.journal = journal
    self.deadline = deadline
  }

  /// The tasks as they stand.
  public var tree: TaskTree { machine.tree }

  /// Why the attempt was killed, where nobody asked for it.
  public var endMessage: String? { machine.endMessage }

  /// Asks the attempt to end as `killed`: what runs is cancelled, what waits never starts.
  public nonisolated func kill() {
    mailbox.post(.kill)
  }

  /// Asks the runner to leave the attempt as it stands: no task is started any more, and the run is over when those that
  /// run have ended, or at once with `cancelling`: cancelled tasks run again when the attempt goes on.
  public nonisolated func suspend(cancelling: Bool) {
    suspension.ask(for: cancelling ? .now : .afterTasks)
    mailbox.post(.tick(.zero))
  }

  /// Runs the attempt to its end, or until it is suspended, which a cancellation of the caller's task does at once.
  ///
  /// - Returns: ``AttemptStatus/running`` for an attempt that was suspended: its claim is given back, and
  ///   ``AttemptStore/restore(_:)`` goes on with it.
  /// - Throws: what the journal throws; everything that runs is cancelled first.
  public func run() async throws -> AttemptStatus {
    let failure = await withTaskCancellationHandler {
      await work()
    } onCancel: {
      suspend(cancelling: true)
    }
    if let failure { throw failure }
    if ended == nil {
      try journal.release()
      return .running
    }
    if let message = machine.endMessage { await notify(message) }
    return ended ?? machine.status
  }

  /// Gives what the journal threw.
  private func work() async -> (any Error)? {
    await withDiscardingTaskGroup { group -> (any Error)? in
      defer { group.cancelAll() }
      do {
        beat(in: &group)
        watch(deadline, in: &group)
        if !isCutOff { try take([.begin], in: &group) }
        while ended == nil, !isSuspended {
          let events = await mailbox.next()
          if !isCutOff { try take(events, in: &group) }
        }
        return nil
      } catch {
        return error
      }
    }
  }

  /// What happens from here on is not saved: tasks that a cancellation ends have not failed.
  private var isCutOff: Bool { suspension.stage == .now || Task.isCancelled }

  private var isSuspended: Bool {
    isCutOff || suspension.stage == .afterTasks && running == 0
  }

  /// Has `notify>` deliver why the attempt was killed; no task of the attempt can, once it is over.
  private func notify(_ message: String) async {
    let node = TaskNode(
      name: "^time-limit",
      kind: .operation(type: "notify"),
      config: ["_type": "notify", "_command": .string(message)]
    )
    let entry = TaskEntry(
      id: machine.tree.entries.count + 1,
      under: machine.tree.root,
      role: .reaction,
      node: node
    )
    let attempt = TaskTry(
      entry: entry,
      parameters: environment.sessionParameters,
      remounts: [:],
      taskLimit: machine.limits.tasks,
      environment: environment
    )
    if case .failed(_, let error, _) = await attempt.run() {
      environment.listener.logged(entry.fullName, .warning, "not notified: \(error.message)")
    }
  }

  /// Lets time go by for the attempt, with each beat of its heart.
  private func beat(in group: inout DiscardingTaskGroup) {
    let beat = min(environment.heartbeat, journal.lease / 3)
    group.addTask { [mailbox, environment] in
      while !Task.isCancelled {
        do { try await environment.pause(beat) } catch { return }  // cancelled: the attempt is over
        mailbox.post(.tick(beat))
      }
    }
  }

  /// Tells the machine when the attempt has taken too long.
  private func watch(_ deadline: AttemptDeadline?, in group: inout DiscardingTaskGroup) {
    guard let deadline else { return }
    let rest = Duration.seconds(max(0, deadline.time - environment.now()))
    group.addTask { [mailbox, environment] in
      do { try await environment.pause(rest) } catch { return }  // cancelled: the attempt is over
      mailbox.post(.slaPassed(deadline.tasks))
    }
  }

  /// Takes in what happened and saves what became of it as one transaction, then performs it.
  ///
  /// A kill goes first, also one that another process asked for before this transaction.
  private func take(
    _ events: [AttemptStateMachine.Event],
    in group: inout DiscardingTaskGroup
  ) throws {
    var actions: [AttemptStateMachine.Action] = []
    var starting: [TaskID] = []
    var changes: [TaskChange] = []
    // Told also when it cannot be saved: a full disk must not hide which task filled it.
    defer { tell(changes) }
    try journal.commit(at: environment.now()) { killRequested in
      let isKilled = killRequested || events.contains(where: \.isKill)
      if isKilled { actions += machine.handle(.kill, at: environment.now()) }
      for event in events where !event.isKill {
        if event.endsTry { running -= 1 }
        actions += machine.handle(event, at: environment.now())
      }
      for case .run(let id) in actions {
        ready.append(id, of: machine.tree.parallelGroup(above: id))
      }
      starting = startReady()
      changes = machine.drainChanges()
      return entry(changes, actions, isBeat: events.contains(where: \.isTick))
    }
    isKillSaved = machine.isKilled
    for change in changes where machine.tree[change.id].state.isDone { scopes.forget(change.id) }
    perform(actions, in: &group)
    for id in starting { launch(id, in: &group) }
  }

  /// Tells the listener, some at a time: a task copied for it is large where ten thousands change at once.
  private func tell(_ changes: [TaskChange]) {
    for start in stride(from: 0, to: changes.count, by: 1000) {
      let part = changes[start..<min(start + 1000, changes.count)]
      environment.listener.changed(part.map { machine.tree[$0.id] })
    }
  }

  private func entry(
    _ changes: [TaskChange],
    _ actions: [AttemptStateMachine.Action],
    isBeat: Bool
  ) -> AttemptJournal.Entry {
    var entry = AttemptJournal.Entry(changes: changes, in: machine.tree)
    entry.isKilled = machine.isKilled && !isKillSaved
    entry.renews = isBeat
    for case .end(let status) in actions {
      entry.ended = status
      entry.message = machine.endMessage
    }
    return entry
  }

  /// Gives free workers to ready tasks.
  private func startReady() -> [TaskID] {
    var starting: [TaskID] = []
    guard suspension.stage == .none else { return [] }
    while running < environment.workers, let id = ready.popFirst() {
      guard machine.tree[id].state == .ready else { continue }
      _ = machine.handle(.started(id), at: environment.now())
      running += 1
      starting.append(id)
    }
    return starting
  }

  private func perform(
    _ actions: [AttemptStateMachine.Action],
    in group: inout DiscardingTaskGroup
  ) {
    for action in actions {
      switch action {
      case .run: break
      case .wake(let id, let pause):
        group.addTask { [mailbox, environment] in
          do {
            try await environment.pause(pause)
            mailbox.post(.due(id))
          } catch {
            return  // cancelled: the attempt is over or killed, nobody waits for the pause
          }
        }
      case .cancelRunning: group.cancelAll()
      case .warn(let id, let line):
        environment.listener.logged(machine.tree[id].fullName, .warning, line)
      case .alert: break  // said by `notify>` once everything has ended
      case .end(let status): ended = status
      }
    }
  }

  private func launch(_ id: TaskID, in group: inout DiscardingTaskGroup) {
    let attempt = TaskTry(
      entry: machine.tree[id],
      parameters: scopes.parameters(of: id, in: machine.tree),
      remounts: machine.tree.remounts(of: id),
      taskLimit: machine.limits.tasks,
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
    case .begin, .started, .due, .tick, .slaPassed, .kill: false
    }
  }

  fileprivate var isKill: Bool { if case .kill = self { true } else { false } }
  fileprivate var isTick: Bool { if case .tick = self { true } else { false } }
}
