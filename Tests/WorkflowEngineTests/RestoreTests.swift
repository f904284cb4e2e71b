import Storage
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

/// An attempt that is cut off at any moment and gone on with ends as one that was left alone.
@Suite struct RestoreTests {
  /// Drives an attempt over a real store; every ready task runs, the one to end next follows from the seed.
  private struct Drive {
    let workflow: RandomWorkflow
    let store: AttemptStore
    let session: Int64
    var machine: AttemptStateMachine
    var claim: AttemptClaim
    var time = 0.0
    var cuts = 0
    /// How often the end of a try was saved, by task and number of the try.
    var ends: [String: Int] = [:]

    init(_ workflow: RandomWorkflow, store: AttemptStore, resuming rule: ResumeRule?) throws {
      self.workflow = workflow
      self.store = store
      let project = try store.project(named: "p")
      session = try store.session(project: project, workflow: "w", time: 0, newID: "s").id
      machine = try AttemptStateMachine(root: workflow.root, limits: AttemptLimits(tasks: 100_000))
      if let rule { _ = machine.takeOver(try store.finishedTasks(by: rule)) }
      let attempt = try store.begin(
        NewAttempt(
          session: session,
          definition: definition(workflow.root),
          resumedFrom: rule
        ),
        &machine,
        at: 0
      )
      claim = try store.claim(attempt, owner: "0", lease: .seconds(9), at: 0)
    }

    /// Runs to the end; so many of a hundred steps are cut off, before or after they are saved.
    mutating func run(cut: inout RandomWorkflow.Dice, chance: Int) throws -> AttemptStatus {
      try take([.begin], cut: false)
      while !machine.tree.root.state.isDone {
        let isCut = cut.chance(chance)
        try take(nextEvents(), cut: isCut && cut.chance(50))
        if isCut { try restore() }
      }
      return machine.status
    }

    private func nextEvents() -> [AttemptStateMachine.Event] {
      let open = machine.tree.ids.filter {
        [.running, .retryWaiting, .groupRetryWaiting].contains(machine.tree[$0].state)
      }
      let next = open.min { rank($0) < rank($1) }
      guard let next else { return [] }
      let task = machine.tree[next]
      return task.state == .running ? workflow.ending(of: task) : [.due(next)]
    }

    private func rank(_ id: TaskID) -> UInt64 {
      var dice = RandomWorkflow.Dice(workflow.seed, "\(id) \(machine.tree[id].retryCount)")
      return dice.next()
    }

    private mutating func take(_ events: [AttemptStateMachine.Event], cut: Bool) throws {
      time += 1
      let before = machine
      var ended: AttemptStatus?
      for event in events {
        for case .end(let status) in machine.handle(event, at: time) { ended = status }
      }
      for id in machine.tree.ids where machine.tree[id].state == .ready {
        _ = machine.handle(.started(id), at: time)
      }
      if cut { return }
      var entry = AttemptJournal.Entry(changes: machine.drainChanges(), in: machine.tree)
      entry.isKilled = machine.isKilled && !before.isKilled
      entry.ended = ended
      try store.journal(of: claim).commit(at: time) { _ in entry }
      for case .finished(let id, _, _, _) in events {
        ends["\(id) \(before.tree[id].retryCount)", default: 0] += 1
      }
    }

    private mutating func restore() throws {
      cuts += 1
      guard try store.attempt(claim.attempt).status == .running else { return }
      claim = try store.claim(
        claim.attempt,
        owner: "\(cuts)",
        lease: .seconds(9),
        at: time,
        evenIfHeld: true
      )
      let restored = try store.restore(claim.attempt)
      #expect(restored.definition.root == workflow.root)
      machine = AttemptStateMachine(restoring: restored.saved, limits: machine.limits)
      #expect(machine.drainChanges().isEmpty)
      try take([.begin], cut: false)
    }
  }

  /// What an attempt comes to, but for its times.
  private func outcome(_ tree: TaskTree) -> [String] {
    tree.entries.map { task in
      let parts: [String] = [
        "\(task.id)", task.fullName, task.role.rawValue, task.state.rawValue,
        "\(Value.object(task.store))", "\(task.reset)", "\(Value.object(task.exported))",
        "\(task.upstreams)", task.error?.message ?? "", task.error?.detail ?? "",
        "\(task.retryCount)", "\(task.isSuperseded)", "\(task.isResumed)", "\(task.node)",
        "\(task.waitingFor)", "\(task.activeChildren)", "\(task.children)",
        "\(task.storing.filter { !tree[$0].store.isEmpty || !tree[$0].reset.isEmpty })",
      ]
      return parts.joined(separator: " ")
    }
  }

  @Test(arguments: 0..<60)
  func `an attempt cut at random moments ends as one that is left alone`(seed: Int) throws {
    let workflow = RandomWorkflow(seed: UInt64(seed))
    var none = RandomWorkflow.Dice(0)
    var cuts = RandomWorkflow.Dice(UInt64(seed), "cuts")
    var rule: ResumeRule?
    let (left, right) = try (
      AttemptStore(database: .inMemory()), AttemptStore(database: .inMemory())
    )
    // The second attempt takes over what succeeded in the first.
    for _ in 0..<2 {
      var whole = try Drive(workflow, store: left, resuming: rule)
      let status = try whole.run(cut: &none, chance: 0)
      var pieces = try Drive(workflow, store: right, resuming: rule)
      #expect(try pieces.run(cut: &cuts, chance: 30) == status)
      #expect(outcome(pieces.machine.tree) == outcome(whole.machine.tree))
      #expect(pieces.ends.values.allSatisfy { $0 == 1 })
      let record = try right.attempt(pieces.claim.attempt)
      #expect(record.status == status)
      #expect(outcome(try right.restore(record.id).saved.tree) == outcome(whole.machine.tree))
      rule = ResumeRule(attempt: record.id)
    }
  }
}
