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

  /// Looks at what is saved while it runs.
  private final class Reader: Operator {
    private let seen = Mutex<[[String]]>([])
    private let look = Mutex<(@Sendable () throws -> [String])?>(nil)
    var found: [[String]] { seen.withLock { $0 } }

    func use(_ look: @escaping @Sendable () throws -> [String]) { self.look.withLock { $0 = look } }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      let found = try look.withLock { try $0?() ?? [] }
      seen.withLock { $0.append(found) }
      return .done(TaskResult(store: ["last": .string(context.taskName)]))
    }
  }

  @Test func `a task is saved as running before it runs, and its end before its successor starts`()
    async throws
  {
    let reader = Reader()
    let (runner, store, attempt) = try runner(
      group("+w", [task("+a"), task("+b")]),
      operators: ["echo": reader]
    )
    reader.use {
      try store.restore(attempt).saved.tree.entries.map {
        "\($0.state.rawValue) \(Value.object($0.store))"
      }
    }
    #expect(try await runner.run() == .success)
    #expect(
      reader.found == [
        ["planned {}", "running {}", "blocked {}"],
        ["planned {}", "success {\"last\":\"+w+a\"}", "running {}"],
      ]
    )
    #expect(try store.attempt(attempt).status == .success)
  }

  @Test func `what arrives while nobody reads comes as one batch`() async {
    let mailbox = Mailbox()
    for id in 1...3 { mailbox.post(.due(id)) }
    #expect(await mailbox.next().count == 3)
    async let next = mailbox.next()
    mailbox.post(.kill)
    #expect(await next.count == 1)
  }

  @Test func `a small group beside a large one takes turns with it`() async throws {
    let meter = Meter()
    let (runner, _, _) = try runner(
      group(
        "+w",
        [
          group("+large", (0..<50).map { task("+t\($0)") }, order: .parallel(limit: nil)),
          group("+small", (0..<3).map { task("+t\($0)") }, order: .parallel(limit: nil)),
        ],
        order: .parallel(limit: nil)
      ),
      operators: ["echo": meter],
      workers: 1
    )
    #expect(try await runner.run() == .success)
    #expect(
      meter.order.prefix(6) == [
        "+w+large+t0", "+w+small+t0", "+w+large+t1", "+w+small+t1", "+w+large+t2", "+w+small+t2",
      ]
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
