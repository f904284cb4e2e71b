import Storage
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct SuspensionTests {
  /// Says that it began, then waits for its end: by the gate, or by cancellation.
  private struct Gated: Operator {
    let began: AsyncStream<String>.Continuation
    let gate: AsyncStream<Void>

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      began.yield(context.taskName)
      for await _ in gate { return .done(TaskResult(store: ["did": .string(context.taskName)])) }
      throw CancellationError()
    }
  }

  private let store: AttemptStore
  private let attempt: Int64

  init() throws {
    store = try AttemptStore(database: .inMemory())
    let root = group("+w", [task("+a"), task("+b")])
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 0, newID: "s")
    var machine = try AttemptStateMachine(root: root)
    let new = NewAttempt(session: session.id, definition: definition(root))
    attempt = try store.begin(new, &machine, at: 0)
  }

  /// A runner that goes on with the attempt as it is saved.
  private func runner(_ worker: any Operator) throws -> AttemptRunner {
    let claim = try store.claim(attempt, owner: "test", lease: .seconds(30), at: 0)
    return AttemptRunner(
      machine: AttemptStateMachine(restoring: try store.restore(attempt).saved),
      environment: .testing(["echo": worker]),
      journal: store.journal(of: claim)
    )
  }

  private func states() throws -> [TaskState] {
    try store.restore(attempt).saved.tree.entries.map(\.state)
  }

  private struct Quick: Operator {
    func run(_ context: TaskContext) async throws -> TaskOutcome {
      .done(TaskResult(store: ["did": .string(context.taskName)]))
    }
  }

  @Test func `what runs may end, nothing more is started, and another runner goes on`() async throws
  {
    let (begun, began) = AsyncStream.makeStream(of: String.self)
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let runner = try runner(Gated(began: began, gate: gate))
    async let status = runner.run()
    for await _ in begun { break }
    runner.suspend(cancelling: false)
    open.yield()
    #expect(try await status == .running)
    #expect(try states() == [.planned, .success, .ready])
    let record = try store.attempt(attempt)
    #expect(record.status == .running)
    #expect(record.owner == nil)
    #expect(record.leaseUntil == nil)
    #expect(try await self.runner(Quick()).run() == .success)
  }

  @Test func `a task that is cancelled by a suspension has not failed: it runs again`() async throws
  {
    let (begun, began) = AsyncStream.makeStream(of: String.self)
    let (gate, _) = AsyncStream.makeStream(of: Void.self)
    let runner = try runner(Gated(began: began, gate: gate))
    async let status = runner.run()
    for await _ in begun { break }
    runner.suspend(cancelling: false)
    runner.suspend(cancelling: true)
    #expect(try await status == .running)
    #expect(try states() == [.planned, .running, .blocked])
    #expect(try store.restore(attempt).saved.tree.entries.allSatisfy { $0.error == nil })
    #expect(try await self.runner(Quick()).run() == .success)
  }

  @Test func `the cancellation of who runs it suspends an attempt`() async throws {
    let (begun, began) = AsyncStream.makeStream(of: String.self)
    let (gate, _) = AsyncStream.makeStream(of: Void.self)
    let runner = try runner(Gated(began: began, gate: gate))
    let status = try await withThrowingTaskGroup(of: AttemptStatus.self) { group in
      group.addTask { try await runner.run() }
      for await _ in begun { break }
      group.cancelAll()
      return try await group.next()
    }
    #expect(status == .running)
    #expect(try states() == [.planned, .running, .blocked])
  }

  @Test func `an attempt that is suspended before it begins is left as it is`() async throws {
    let runner = try runner(Quick())
    runner.suspend(cancelling: true)
    #expect(try await runner.run() == .running)
    #expect(try states() == [.blocked, .blocked, .blocked])
  }

  @Test func `a kill that was asked for while nobody ran the attempt ends it`() async throws {
    let first = try runner(Quick())
    first.suspend(cancelling: true)
    _ = try await first.run()
    #expect(try store.requestKill(attempt, at: 5))
    #expect(try await runner(Quick()).run() == .killed)
  }
}
