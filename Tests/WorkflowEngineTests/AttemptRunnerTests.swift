import Storage
import Synchronization
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct AttemptRunnerTests {
  /// Counts how many run at once; with a gate each waits until all expected ones are there.
  private final class Meter: Operator {
    private struct Counts {
      var running = 0
      var most = 0
      var order: [String] = []
    }
    private let counts = Mutex(Counts())
    var most: Int { counts.withLock { $0.most } }
    var order: [String] { counts.withLock { $0.order } }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      counts.withLock { counts in
        counts.running += 1
        counts.most = max(counts.most, counts.running)
        counts.order.append(context.taskName)
      }
      for _ in 0..<50 { await Task.yield() }
      counts.withLock { $0.running -= 1 }
      return .done(TaskResult(store: ["last": .string(context.taskName)]))
    }
  }

  /// Runs until it is cancelled.
  private struct Endless: Operator {
    let began: AsyncStream<Void>.Continuation

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      began.yield()
      try await Task.sleep(for: .seconds(3600))  // why: ends by cancellation only, never by time
      return .done(TaskResult())
    }
  }

  private func runner(
    _ root: TaskNode,
    operators: [String: any Operator],
    workers: Int = 8
  ) throws -> (AttemptRunner, AttemptStore, Int64) {
    let store = try AttemptStore(database: .inMemory())
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 0, newID: "s")
    var machine = try AttemptStateMachine(root: root, limits: AttemptLimits(tasks: 10_000))
    let attempt = try store.begin(
      NewAttempt(session: session.id, definition: definition(root)),
      &machine,
      at: 0
    )
    let claim = try store.claim(attempt, owner: "test", lease: .seconds(30), at: 0)
    let environment = AttemptEnvironment.testing(operators, workers: workers)
    return (
      AttemptRunner(
        machine: machine,
        environment: environment,
        journal: store.journal(of: claim)
      ), store, attempt
    )
  }

  @Test func `parallel tasks use all workers and never more`() async throws {
    let meter = Meter()
    let tasks = (0..<40).map { task("+t\($0)") }
    let (runner, _, _) = try runner(
      group("+w", tasks, order: .parallel(limit: nil)),
      operators: ["echo": meter],
      workers: 4
    )
    #expect(try await runner.run() == .success)
    #expect(meter.most <= 4)
    #expect(meter.most > 1)
    #expect(meter.order.count == 40)
  }

  @Test func `what a task stored is saved before its successor starts`() async throws {
    let (runner, store, attempt) = try runner(
      group("+w", [task("+a"), task("+b")]),
      operators: ["echo": Meter()]
    )
    #expect(try await runner.run() == .success)
    #expect(
      try store.finishedTasks(of: attempt).map(\.fullName).sorted() == ["+w", "+w+a", "+w+b"]
    )
  }

  @Test func `kill ends what runs`() async throws {
    let (began, continuation) = AsyncStream.makeStream(of: Void.self)
    let (runner, _, _) = try runner(
      group("+w", [task("+a"), task("+b")]),
      operators: ["echo": Endless(began: continuation)]
    )
    async let status = runner.run()
    for await _ in began { break }
    runner.kill()
    #expect(try await status == .killed)
    let tree = await runner.tree
    #expect(tree.entries.map(\.state) == [.canceled, .canceled, .blocked])
  }
}
