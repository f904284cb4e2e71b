import Storage
import Synchronization
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct TryKeyTests {
  /// Notes the key of each call; fails or polls as often as it is told, then succeeds.
  private final class Noting: Operator {
    private let keys = Mutex<[String?]>([])
    private let failures: Mutex<Int>
    private let polls: Mutex<Int>

    init(failures: Int = 0, polls: Int = 0) {
      self.failures = Mutex(failures)
      self.polls = Mutex(polls)
    }

    var noted: [String?] { keys.withLock { $0 } }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      keys.withLock { $0.append(context.tryKey?.text) }
      if Self.take(failures) { throw TaskFailure(.runtime, "not yet") }
      if Self.take(polls) { return .poll(after: .zero, state: [:]) }
      return .done(TaskResult())
    }

    private static func take(_ count: borrowing Mutex<Int>) -> Bool {
      count.withLock {
        $0 -= 1
        return $0 >= 0
      }
    }
  }

  private func keys(
    _ root: TaskNode,
    _ worker: Noting,
    key: String? = "s/1@2.5"
  ) async throws -> [String?] {
    let store = try AttemptStore(database: .inMemory())
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 0, newID: "s")
    var machine = try AttemptStateMachine(root: root, limits: AttemptLimits(tasks: 100))
    let attempt = try store.begin(
      NewAttempt(session: session.id, definition: definition(root)),
      &machine,
      at: 0
    )
    let runner = AttemptRunner(
      machine: machine,
      environment: .testing(["echo": worker], key: key),
      journal: store.journal(of: try store.claim(attempt, owner: "t", lease: .seconds(9), at: 0))
    )
    _ = try await runner.run()
    return worker.noted
  }

  private func retried(_ name: String) -> TaskNode {
    TaskNode(name: name, kind: .operation(type: "echo"), config: ["_retry": 3])
  }

  @Test func `every try has a key of its own, a poll none`() async throws {
    let keys = try await keys(
      group("+w", [retried("+a"), task("+b")]),
      Noting(failures: 2, polls: 1)
    )
    #expect(
      keys == [
        "s/1@2.5/2/0 +w+a", "s/1@2.5/2/1 +w+a", "s/1@2.5/2/2 +w+a", "s/1@2.5/2/2 +w+a",
        "s/1@2.5/3/0 +w+b",
      ]
    )
  }

  @Test func `the rounds of a repeated group have keys of their own`() async throws {
    let root = group("+w", [group("+g", [task("+a")], retry: 1)])
    let keys = try await keys(root, Noting(failures: 1))
    #expect(keys.count == 2 && Set(keys).count == 2, "\(keys)")
  }

  @Test func `without a key of the attempt there is none`() async throws {
    #expect(try await keys(group("+w", [task("+a")]), Noting(), key: nil) == [nil])
  }
}
