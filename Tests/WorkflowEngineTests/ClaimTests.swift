import Storage
import Synchronization
import TestKit
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ClaimTests {
  /// Ends when it is told to, or is cancelled.
  private final class Gate: Operator {
    private struct State {
      var waiters: [CheckedContinuation<Void, Never>] = []
      var begun: [String] = []
      var cancelled = 0
    }
    private let state = Mutex(State())
    var begun: [String] { state.withLock { $0.begun } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          state.withLock { state in
            state.begun.append(context.taskName)
            state.waiters.append(continuation)
          }
        }
      } onCancel: {
        open { $0.cancelled += 1 }
      }
      return .done(TaskResult(store: ["by": .string(context.taskName)]))
    }

    func open() { open { _ in } }

    private func open(_ note: (inout State) -> Void) {
      let waiters = state.withLock { state in
        note(&state)
        defer { state.waiters = [] }
        return state.waiters
      }
      for waiter in waiters { waiter.resume() }
    }
  }

  /// Keeps what people are told.
  private final class Notes: Operator {
    private let state = Mutex<[String?]>([])
    var texts: [String?] { state.withLock { $0 } }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      let text = try context.parameters.text("_command")
      state.withLock { $0.append(text) }
      return .done(TaskResult())
    }
  }

  private let notes = Notes()
  private let folder: TemporaryFolder
  private let store: AttemptStore
  private let clock = ManualClock()
  private let gate = Gate()
  private let attempt: Int64

  init() throws {
    folder = try TemporaryFolder()
    store = try AttemptStore(
      database: SQLDatabase(path: folder.path + "/t.db", durability: .process)
    )
    let root = group("+w", [task("+a"), task("+b")])
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 0, newID: "s")
    var machine = try AttemptStateMachine(root: root)
    attempt = try store.begin(
      NewAttempt(session: session.id, definition: definition(root)),
      &machine,
      at: 0
    )
  }

  private func runner(
    _ owner: String,
    gate: Gate,
    clock: ManualClock,
    limits: AttemptLimits = .usual,
    evenIfHeld: Bool = false
  ) throws -> AttemptRunner {
    let claim = try store.claim(
      attempt,
      owner: owner,
      lease: .seconds(30),
      at: clock.now,
      evenIfHeld: evenIfHeld
    )
    let machine = AttemptStateMachine(restoring: try store.restore(attempt).saved, limits: limits)
    return AttemptRunner(
      machine: machine,
      environment: .testing(["echo": gate, "notify": notes], now: { clock.now }) {
        try await clock.pause($0)
      },
      journal: store.journal(of: claim)
    )
  }

  private func states() throws -> [TaskState] {
    try store.restore(attempt).saved.tree.entries.map(\.state)
  }

  @Test func `a runner whose lease ran out is fenced off by the next and writes nothing more`()
    async throws
  {
    let (stoppedClock, late) = (ManualClock(), Gate())
    let stopped = try runner("one", gate: late, clock: stoppedClock)
    async let lost = failure(of: stopped)
    await reached { late.begun == ["+w+a"] }
    let early = #expect(throws: EngineError.self) { try runner("two", gate: gate, clock: clock) }
    #expect(early?.code == .leaseHeld)
    #expect(early?.message.contains("`one`") == true)

    clock.advance(by: .seconds(31))
    let next = try runner("two", gate: gate, clock: clock)
    async let status = next.run()
    await reached { gate.begun == ["+w+a"] }
    let before = try states()
    late.open()
    let error = await lost
    #expect(error?.code == .leaseLost)
    #expect(error?.message.contains("taken over by `two`") == true)
    #expect(try states() == before)
    #expect(late.begun == ["+w+a"])

    gate.open()
    await reached { gate.begun == ["+w+a", "+w+b"] }
    gate.open()
    #expect(try await status == .success)
    #expect(try store.attempt(attempt).fence == 2)
    #expect(try store.attempt(attempt).status == .success)
  }

  @Test func `a heartbeat keeps the lease, and finds out that it is lost`() async throws {
    let first = try runner("one", gate: gate, clock: clock)
    async let lost = failure(of: first)
    await reached { gate.begun.count == 1 }
    for _ in 0..<40 {
      await reached { clock.sleepers == 1 }
      clock.advance(by: .seconds(1))
    }
    await reached { (try? store.attempt(attempt).leaseUntil) == 70 }
    #expect(throws: EngineError.self) { try runner("two", gate: gate, clock: clock) }

    _ = try store.claim(attempt, owner: "two", lease: .seconds(30), at: 40, evenIfHeld: true)
    await reached { clock.sleepers == 1 }
    clock.advance(by: .seconds(1))
    let error = await lost
    #expect(error?.code == .leaseLost)
    #expect(gate.cancelled == 1)
  }

  @Test func `a kill from elsewhere is seen with the next heartbeat`() async throws {
    let runner = try runner("one", gate: gate, clock: clock)
    async let status = runner.run()
    await reached { gate.begun.count == 1 && clock.sleepers == 1 }
    #expect(try store.requestKill(attempt, at: 5))
    clock.advance(by: .seconds(1))
    #expect(try await status == .killed)
    #expect(gate.cancelled == 1)
    #expect(try states() == [.canceled, .canceled, .blocked])
    #expect(try store.attempt(attempt).killRequestedAt == 5)
    #expect(try !store.requestKill(attempt, at: 9))
    #expect(try store.attempt(attempt).killRequestedAt == 5)
  }

  @Test func `a kill that was asked for before a task finished wins over its end`() async throws {
    let runner = try runner("one", gate: gate, clock: clock)
    async let status = runner.run()
    await reached { gate.begun.count == 1 }
    try store.requestKill(attempt, at: 5)
    gate.open()
    #expect(try await status == .killed)
    let tree = try store.restore(attempt).saved.tree
    #expect(tree.entries.map(\.state) == [.canceled, .canceled, .blocked])
    #expect(tree[2].store.isEmpty)
  }

  @Test func `a kill under which the process died is gone on with as a kill`() async throws {
    let late = Gate()
    let stopped = try runner("one", gate: late, clock: clock)
    async let lost = failure(of: stopped)
    await reached { late.begun.count == 1 }
    try store.requestKill(attempt, at: 5)
    let next = try runner("two", gate: gate, clock: clock, evenIfHeld: true)
    #expect(try await next.run() == .killed)
    #expect(gate.begun.isEmpty)
    #expect(try states() == [.canceled, .canceled, .blocked])
    late.open()
    #expect(await lost?.code == .leaseLost)
  }

  @Test func `a task beyond its time limit ends the attempt as killed, saying which`() async throws
  {
    let limits = AttemptLimits(taskTime: .seconds(5))
    let runner = try runner("one", gate: gate, clock: clock, limits: limits)
    async let status = runner.run()
    await reached { gate.begun.count == 1 }
    for _ in 0..<6 {
      await reached { clock.sleepers == 1 || gate.cancelled == 1 }
      clock.advance(by: .seconds(1))
    }
    #expect(try await status == .killed)
    let record = try store.attempt(attempt)
    #expect(record.status == .killed)
    #expect(record.message?.contains("+w+a") == true)
    #expect(record.message?.contains("5s") == true)
    #expect(notes.texts == [record.message])
  }

  @Test func `an attempt that has ended or does not exist is not claimed`() throws {
    try store.endAttempt(attempt, status: .error, message: "gone", at: 3)
    let ended = #expect(throws: EngineError.self) {
      try store.claim(attempt, owner: "x", lease: .seconds(1), at: 4)
    }
    #expect(ended?.code == .ended)
    let unknown = #expect(throws: EngineError.self) {
      try store.claim(99, owner: "x", lease: .seconds(1), at: 4)
    }
    #expect(unknown?.code == .unknownAttempt)
    #expect(throws: EngineError.self) { try store.requestKill(99, at: 4) }
    #expect(try !store.endAttempt(attempt, status: .killed, at: 5))
    #expect(try store.attempt(attempt).message == "gone")
  }

  @Test func `a closed attempt cannot be written to by the runner that was taken for dead`() throws
  {
    let claim = try store.claim(attempt, owner: "one", lease: .seconds(30), at: 0)
    try store.endAttempt(attempt, status: .error, at: 3)
    let error = #expect(throws: EngineError.self) {
      try store.journal(of: claim).commit(at: 4) { _ in
        AttemptJournal.Entry(changes: [], in: TaskTree(root: group("+w", [])))
      }
    }
    #expect(error?.code == .leaseLost)
  }

  @Test func `two attempts of one session have different names`() throws {
    let session = try store.attempt(attempt).session
    let root = group("+w", [])
    var new = NewAttempt(session: session, definition: definition(root), name: "again")
    var machine = try AttemptStateMachine(root: root)
    _ = try store.begin(new, &machine, at: 1)
    let error = #expect(throws: EngineError.self) { try store.begin(new, &machine, at: 2) }
    #expect(error?.code == .conflict)
    new.name = "once more"
    machine = try AttemptStateMachine(root: root)
    #expect(try store.attempt(try store.begin(new, &machine, at: 3)).name == "once more")
  }

  private func failure(of runner: AttemptRunner) async -> EngineError? {
    do {
      _ = try await runner.run()
      return nil
    } catch {
      return error as? EngineError
    }
  }

  /// Waits for a state that other tasks bring about.
  private func reached(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }
}
