import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

/// Every line of the state table of `workflow-language.md` §12, and the races with a kill.
@Suite struct TransitionTests {
  /// A machine that is led by hand; ids are in file order, the root is 1.
  private struct Lead {
    var machine: AttemptStateMachine
    private(set) var actions: [AttemptStateMachine.Action] = []

    init(_ children: [TaskNode], root: TaskNode = group("+w", []), begins: Bool = true) throws {
      var root = root
      root.children = children
      machine = try AttemptStateMachine(root: root)
      if begins { send(.begin) }
    }

    mutating func send(_ events: AttemptStateMachine.Event...) {
      actions = []
      for event in events { actions += machine.handle(event, at: 100) }
    }

    mutating func start(_ id: TaskID) { send(.started(id)) }

    mutating func finish(_ id: TaskID, _ result: TaskResult = TaskResult(), check: TaskNode? = nil)
    {
      send(.started(id), .finished(id, result, check: check, retry: nil))
    }

    mutating func fail(_ id: TaskID, retry: RetryPolicy? = nil) {
      send(.started(id), .failed(id, TaskError(message: "no"), retry: retry))
    }

    subscript(id: TaskID) -> TaskState { machine.tree[id].state }
    var states: [TaskState] { machine.tree.entries.map(\.state) }
  }

  private let again = RetryPolicy(limit: 1, interval: .seconds(7))
  private let stored = TaskResult(store: ["n": 1])

  @Test func `blocked becomes ready or planned once parent and upstreams allow it`() throws {
    var lead = try Lead([task("+a"), group("+g", [task("+b")])], begins: false)
    #expect(lead.states == [.blocked, .blocked, .blocked, .blocked])
    lead.send(.begin)
    #expect(lead.states == [.planned, .ready, .blocked, .blocked])
    #expect(lead.actions == [.run(2)])
    lead.finish(2)
    #expect(lead.states == [.planned, .success, .planned, .ready])
    #expect(lead.actions == [.run(4)])
  }

  @Test func `blocked becomes canceled instead when the kill came first`() throws {
    var lead = try Lead([task("+a")], begins: false)
    lead.send(.kill, .begin)
    #expect(lead.states == [.canceled, .blocked])
    #expect(lead.actions == [.cancelRunning, .end(.killed), .end(.killed)])
  }

  @Test func `ready becomes running`() throws {
    var lead = try Lead([task("+a")])
    lead.start(2)
    #expect(lead[2] == .running)
    #expect(lead.machine.tree[2].startedAt == 100)
  }

  @Test func `running becomes success when nothing was generated`() throws {
    var lead = try Lead([task("+a")])
    lead.finish(2, stored)
    #expect(lead.states == [.success, .success])
    #expect(lead.machine.tree[2].store == ["n": 1])
    #expect(lead.actions == [.end(.success)])
  }

  @Test func `running becomes planned with what it generated, its stores recorded`() throws {
    var lead = try Lead([task("+a")])
    var result = stored
    result.subtasks = group("^sub", [task("+x")])
    lead.finish(2, result, check: task("^check"))
    #expect(lead.states == [.planned, .planned, .planned, .ready, .blocked])
    #expect(lead.machine.tree[2].store == ["n": 1])
    lead.finish(4)
    #expect(lead.states == [.planned, .planned, .success, .success, .ready])
    lead.finish(5)
    #expect(lead.states.allSatisfy { $0 == .success })
  }

  @Test func `running becomes error without an error task`() throws {
    var lead = try Lead([task("+a"), task("+b")])
    lead.fail(2)
    #expect(Array(lead.states.prefix(3)) == [.planned, .error, .blocked])
  }

  @Test func `running becomes planned and then error by way of its error task`() throws {
    var lead = try Lead([task("+a", error: [task("^error")])])
    lead.fail(2)
    #expect(lead.states == [.planned, .planned, .ready])
    lead.finish(3)
    #expect(Array(lead.states.prefix(3)) == [.planned, .error, .success])
  }

  @Test func `running waits when it polls or is tried again, then becomes ready`() throws {
    var lead = try Lead([task("+a")])
    lead.start(2)
    lead.send(.polling(2, after: .seconds(5), state: ["job": "x"]))
    #expect(lead[2] == .retryWaiting)
    #expect(lead.machine.tree[2].dueAt == 105)
    #expect(lead.actions == [.wake(2, after: .seconds(5))])
    lead.send(.due(2))
    #expect(lead[2] == .ready)
    #expect(lead.machine.tree[2].dueAt == nil)
    #expect(lead.machine.tree[2].pollState == ["job": "x"])
    lead.fail(2, retry: again)
    #expect(lead[2] == .retryWaiting)
    #expect(lead.actions == [.wake(2, after: .seconds(7))])
    #expect(lead.machine.tree[2].pollState == ["job": "x"])
    lead.send(.due(2))
    #expect(lead[2] == .ready)
  }

  @Test func `planned becomes success when no child is left, also behind held ones`() throws {
    var lead = try Lead([group("+g", [task("+b"), task("+c")])], begins: false)
    lead.machine.hold(4)
    lead.send(.begin)
    lead.finish(3)
    #expect(lead.states == [.success, .success, .success, .blocked])
  }

  @Test func `planned waits for another round of the group, which is copied`() throws {
    var lead = try Lead([group("+g", [task("+b")], retry: ["limit": 1, "interval": 9])])
    lead.fail(3)
    #expect(lead.states == [.planned, .groupRetryWaiting, .error])
    #expect(lead.actions == [.wake(2, after: .seconds(9))])
    lead.send(.due(2))
    #expect(lead.states == [.planned, .planned, .error, .ready])
    #expect(lead.machine.tree[3].isSuperseded)
    lead.finish(4)
    #expect(Array(lead.states.prefix(2)) == [.success, .success])
  }

  @Test func `an operator task waits for another round and becomes ready itself`() throws {
    var lead = try Lead([task("+a")])
    var result = TaskResult()
    result.subtasks = task("^sub")
    lead.start(2)
    lead.send(.finished(2, result, check: nil, retry: again))
    lead.fail(3)
    #expect(lead.states == [.planned, .groupRetryWaiting, .error])
    lead.send(.due(2))
    #expect(lead.states == [.planned, .ready, .error])
  }

  @Test func `planned becomes group_error, at once or by way of its error task`() throws {
    var lead = try Lead([group("+g", [task("+b")]), task("+c")])
    lead.fail(3)
    #expect(lead.states == [.planned, .groupError, .error, .blocked, .ready])
    #expect(lead.machine.tree[5].fullName == "+w^failure-alert")
    lead.finish(5)
    #expect(lead[1] == .groupError)
    #expect(lead.actions == [.end(.error)])

    lead = try Lead([group("+g", [task("+b")], error: [task("^error")])])
    lead.fail(3)
    #expect(lead.states == [.planned, .planned, .error, .ready])
    lead.fail(4)
    #expect(lead[2] == .groupError)
  }

  @Test func `a running task becomes canceled, whatever it reports after the kill`() throws {
    let reports: [AttemptStateMachine.Event] = [
      .finished(2, stored, check: task("^check"), retry: again),
      .failed(2, TaskError(message: "no"), retry: again),
      .polling(2, after: .seconds(1), state: ["job": "x"]),
    ]
    for report in reports {
      var lead = try Lead([task("+a", error: [task("^error")]), task("+b")])
      lead.start(2)
      lead.send(.kill)
      #expect(lead.states == [.planned, .running, .blocked])
      #expect(lead.actions == [.cancelRunning])
      lead.send(report)
      #expect(lead.states == [.canceled, .canceled, .blocked])
      #expect(lead.machine.tree[2].store.isEmpty)
      #expect(lead.actions == [.end(.killed)])
    }
  }

  @Test func `what waits becomes canceled with the kill, and no wake brings it back`() throws {
    var lead = try Lead(
      [task("+a"), task("+b"), group("+g", [task("+c")], retry: 1), task("+d"), task("+e")],
      root: group("+w", [], order: .parallel(limit: nil))
    )
    lead.start(2)
    lead.send(.polling(2, after: .seconds(5), state: [:]))
    lead.fail(3, retry: again)
    lead.fail(5)
    #expect(
      lead.states == [
        .planned, .retryWaiting, .retryWaiting, .groupRetryWaiting, .error, .ready, .ready,
      ]
    )
    lead.send(.kill, .due(2), .due(3), .due(4))
    #expect(
      lead.states == [.canceled, .canceled, .canceled, .canceled, .error, .canceled, .canceled]
    )
    #expect(lead.machine.status == .killed)
    #expect(lead.actions.contains(.end(.killed)))
    #expect(!lead.actions.contains { if case .run = $0 { true } else { false } })
  }

  @Test func `a kill during an error task or a failure alert ends as killed`() throws {
    var lead = try Lead([task("+a", error: [task("^error")])])
    lead.fail(2)
    lead.start(3)
    lead.send(.kill)
    lead.send(.finished(3, TaskResult(), check: nil, retry: nil))
    #expect(lead.states == [.canceled, .canceled, .canceled])

    lead = try Lead([task("+a")])
    lead.fail(2)
    #expect(lead.states == [.planned, .error, .ready])
    lead.send(.kill)
    #expect(lead.states == [.canceled, .error, .canceled])
    #expect(lead.machine.status == .killed)
  }

  @Test func `a second kill, or one after the end, changes nothing`() throws {
    var lead = try Lead([task("+a")])
    lead.start(2)
    lead.send(.kill)
    lead.send(.kill)
    #expect(lead.actions.isEmpty)
    lead.send(.finished(2, stored, check: nil, retry: nil), .kill)
    #expect(lead.actions == [.end(.killed)])

    lead = try Lead([task("+a")])
    lead.finish(2)
    lead.send(.kill)
    #expect(lead.actions.isEmpty)
    #expect(lead.machine.status == .success)
  }

  @Test func `reports of a task that does not run are ignored`() throws {
    var lead = try Lead([task("+a"), task("+b")])
    let before = lead.states
    lead.send(
      .finished(2, stored, check: nil, retry: nil),
      .failed(3, TaskError(message: "no"), retry: nil),
      .polling(2, after: .zero, state: [:]),
      .due(2)
    )
    #expect(lead.states == before)
    #expect(lead.actions.isEmpty)
  }

  @Test func `an attempt beyond its time is killed with a message`() throws {
    var lead = try Lead([task("+a")])
    lead.start(2)
    lead.send(.tick(.seconds(7 * 86_400)))
    #expect(lead.actions.isEmpty == false)  // the task's own limit of a day comes first
    #expect(lead.machine.endMessage?.contains("+w+a") == true)
    #expect(lead.machine.endMessage?.contains("1d") == true)

    let limits = AttemptLimits(taskTime: .seconds(100), attemptTime: .seconds(10))
    lead.machine = try AttemptStateMachine(root: group("+w", [task("+a")]), limits: limits)
    lead.send(.begin, .started(2), .tick(.seconds(10)))
    #expect(lead.machine.endMessage == nil)
    lead.send(.tick(.seconds(1)))
    let message = try #require(lead.machine.endMessage)
    #expect(message.contains("10s"))
    #expect(lead.actions == [.alert(message), .cancelRunning])
  }

  @Test func `the time of a task counts from its start, through polls and retries`() throws {
    let limits = AttemptLimits(taskTime: .seconds(10))
    var lead = try Lead([])
    lead.machine = try AttemptStateMachine(
      root: group("+w", [task("+a"), task("+b")]),
      limits: limits
    )
    lead.send(.begin, .tick(.seconds(60)), .started(2), .tick(.seconds(6)))
    lead.send(.polling(2, after: .zero, state: [:]), .due(2), .started(2), .tick(.seconds(4)))
    #expect(lead.machine.endMessage == nil)
    lead.send(.finished(2, stored, check: nil, retry: nil), .started(3), .tick(.seconds(9)))
    #expect(lead.machine.endMessage == nil)
    lead.send(.failed(3, TaskError(message: "no"), retry: again), .tick(.seconds(2)))
    #expect(lead.machine.endMessage?.contains("+w+b") == true)
    #expect(lead.states == [.canceled, .success, .canceled])
  }
}
