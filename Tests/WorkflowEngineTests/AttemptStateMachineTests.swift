import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct AttemptStateMachineTests {
  @Test func `runs children one after another and ends in success`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), group("+g", [task("+b"), task("+c")]), task("+d")])
    )
    #expect(attempt.tries == ["+w+a", "+w+g+b", "+w+g+c", "+w+d"])
    #expect(attempt.status == .success)
    #expect(attempt.state("+w+g") == .success)
  }

  @Test func `an empty group succeeds`() throws {
    let attempt = try ScriptedAttempt(group("+w", [group("+g", []), task("+a")]))
    #expect(attempt.tries == ["+w+a"])
    #expect(attempt.status == .success)
  }

  @Test func `leaves what stands behind a failure blocked and finishes parallel siblings`() throws {
    let attempt = try ScriptedAttempt(
      group(
        "+w",
        [group("+p", [task("+a"), task("+b")], order: .parallel(limit: nil)), task("+after")]
      ),
      ["+w+p+a": [.failure("no")]]
    )
    #expect(attempt.state("+w+p+a") == .error)
    #expect(attempt.state("+w+p+b") == .success)
    #expect(attempt.state("+w+p") == .groupError)
    #expect(attempt.state("+w+after") == .blocked)
    #expect(attempt.state("+w") == .groupError)
    #expect(attempt.state("+w^failure-alert") == .success)
    #expect(attempt.status == .error)
  }

  @Test func `a limited parallel group is a barrier of chunks`() throws {
    let tasks = ["+a", "+b", "+c", "+d", "+e"].map { task($0) }
    let attempt = try ScriptedAttempt(group("+w", tasks, order: .parallel(limit: 2)))
    #expect(attempt.entry("+w+c")?.upstreams == [2, 3])
    #expect(attempt.entry("+w+d")?.upstreams == [2, 3])
    #expect(attempt.entry("+w+e")?.upstreams == [4, 5])
    #expect(attempt.status == .success)
  }

  @Test func `a background task starts with its group and the next ordinary one waits for it`()
    throws
  {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b", isBackground: true), task("+c"), task("+d")])
    )
    #expect(attempt.entry("+w+b")?.upstreams == [])
    #expect(attempt.entry("+w+c")?.upstreams == [2, 3])
    #expect(attempt.entry("+w+d")?.upstreams == [4])
    #expect(attempt.tries.prefix(2) == ["+w+a", "+w+b"])
  }

  @Test func `_after makes a parallel sibling wait`() throws {
    let attempt = try ScriptedAttempt(
      group(
        "+w",
        [task("+a"), task("+b"), task("+c", after: ["+a"])],
        order: .parallel(limit: nil)
      )
    )
    #expect(attempt.entry("+w+c")?.upstreams == [2])
    #expect(attempt.tries == ["+w+a", "+w+b", "+w+c"])
  }

  @Test func `generated tasks and the check run before the task succeeds`() throws {
    let sub = group("^sub", [task("+x")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b")]),
      ["+w+a": [.success(TaskResult(subtasks: sub))]],
      checks: ["+w+a": task("^check")]
    )
    #expect(attempt.tries == ["+w+a", "+w+a^sub+x", "+w+a^check", "+w+b"])
    #expect(attempt.entry("+w+a^check")?.upstreams.count == 1)
  }

  @Test func `a failing check makes its task fail as a group`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a", error: [task("^error")])]),
      ["+w+a^check": [.failure("bad")]],
      checks: ["+w+a": task("^check")]
    )
    #expect(attempt.state("+w+a") == .groupError)
    #expect(
      attempt.entry("+w+a^error")?.node.export == ["error": ["message": "bad", "stacktrace": ""]]
    )
    #expect(attempt.tries == ["+w+a", "+w+a^check", "+w+a^error", "+w^failure-alert"])
  }

  @Test func `an error task gets the message and does not change the outcome`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a", error: [task("^error")])]),
      ["+w+a": [.failure("boom")]]
    )
    #expect(attempt.entry("+w+a^error")?.node.export[path: ["error", "message"]] == "boom")
    #expect(attempt.state("+w+a^error") == .success)
    #expect(attempt.state("+w+a") == .error)
    #expect(attempt.status == .error)
  }

  @Test func `the error of a group merges those below it, the higher id wins`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b")], order: .parallel(limit: nil), error: [task("^error")]),
      ["+w+a": [.failure("first")], "+w+b": [.failure("second")]]
    )
    #expect(attempt.entry("+w^error")?.node.export[path: ["error", "message"]] == "second")
  }

  @Test func `the stores of its children are exported to the error task of a group`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b")], error: [task("^error")]),
      ["+w+a": [.success(TaskResult(store: ["n": 1]))], "+w+b": [.failure("x")]]
    )
    #expect(attempt.entry("+w^error")?.node.export["n"] == 1)
  }

  @Test func `an operator is tried again with growing pauses, capped`() throws {
    let policy = RetryPolicy(
      limit: 3,
      interval: .seconds(2),
      kind: .exponential,
      maximumInterval: .seconds(5)
    )
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      [
        "+w+a": [
          .failure("1", retry: policy), .failure("2", retry: policy), .failure("3", retry: policy),
        ]
      ]
    )
    #expect(attempt.pauses == [.seconds(2), .seconds(4), .seconds(5)])
    #expect(attempt.entry("+w+a")?.retryCount == 3)
    #expect(attempt.status == .success)
  }

  @Test func `a failure beyond the last retry is final`() throws {
    let policy = RetryPolicy(limit: 1)
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      ["+w+a": [.failure("1", retry: policy), .failure("2", retry: policy)]]
    )
    #expect(attempt.tries == ["+w+a", "+w+a", "+w^failure-alert"])
    #expect(attempt.entry("+w+a")?.error?.message == "2")
  }

  @Test func `a group is run again with copies, and only the last round counts`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [group("+g", [task("+a"), task("+b")], retry: 2), task("+c")]),
      ["+w+g+b": [.failure("1"), .failure("2")]]
    )
    #expect(attempt.tries == ["+w+g+a", "+w+g+b", "+w+g+a", "+w+g+b", "+w+g+a", "+w+g+b", "+w+c"])
    #expect(attempt.status == .success)
    #expect(attempt.machine.tree.entries.count { $0.fullName == "+w+g+b" } == 3)
    #expect(attempt.entry("+w+g")?.retryCount == 2)
  }

  @Test func `a template as the retry of a group means none, with a warning`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [group("+g", [task("+a")], retry: "${n}")]),
      ["+w+g+a": [.failure("x")]]
    )
    #expect(attempt.status == .error)
    #expect(attempt.warnings.count == 1)
  }

  @Test func `an operator whose generated children failed runs again`() throws {
    let sub = group("^sub", [task("+x")])
    let again = RetryPolicy(limit: 1)
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      [
        "+w+a": [
          .retried(TaskResult(subtasks: sub), again), .retried(TaskResult(subtasks: sub), again),
        ],
        "+w+a^sub+x": [.failure("once")],
      ]
    )
    #expect(attempt.tries == ["+w+a", "+w+a^sub+x", "+w+a", "+w+a^sub+x"])
    #expect(attempt.status == .success)
  }

  @Test func `a polling operator is called again with its state`() throws {
    let attempt = try ScriptedAttempt(group("+w", [task("+a")]), ["+w+a": [.poll, .poll]])
    #expect(attempt.tries == ["+w+a", "+w+a", "+w+a"])
    #expect(attempt.status == .success)
  }

  @Test func `kill cancels what runs or waits and leaves the blocked alone`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b"), group("+g", [task("+c")])], error: [task("^error")]),
      ["+w+a": [.kill]]
    )
    #expect(attempt.status == .killed)
    #expect(attempt.state("+w+a") == .canceled)
    #expect(attempt.entry("+w+a")?.store.isEmpty == true)
    #expect(attempt.state("+w+b") == .blocked)
    #expect(attempt.state("+w") == .canceled)
    #expect(attempt.tries == ["+w+a"])
  }

  @Test func `generated tasks beyond the limit fail their generator`() throws {
    let sub = group("^sub", [task("+x"), task("+y")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      ["+w+a": [.success(TaskResult(subtasks: sub))]],
      taskLimit: 4
    )
    #expect(
      attempt.entry("+w+a")?.error?.message.contains(
        "Too many tasks. Limit: 4, Current: 2, Adding: 3"
      ) == true
    )
    #expect(attempt.status == .error)
    #expect(throws: TaskFailure.self) {
      try AttemptStateMachine(
        root: group("+w", [task("+a"), task("+b")]),
        limits: AttemptLimits(tasks: 2)
      )
    }
  }

  @Test func `tasks that succeeded before are not run again and keep their stores`() throws {
    let before = [
      FinishedTask(fullName: "+w+a", store: ["n": 1], reset: [], exported: [:]),
      FinishedTask(fullName: "+w+g+b", store: [:], reset: [], exported: [:]),
      FinishedTask(fullName: "+w+a^sub+x", store: ["m": 2], reset: [], exported: [:]),
    ]
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), group("+g", [task("+b"), task("+c")]), task("+d")]),
      finishedBefore: before
    )
    #expect(attempt.tries == ["+w+g+c", "+w+d"])
    var scope = ParameterScope(session: [:])
    let last = try #require(attempt.entry("+w+d")?.id)
    let seen = scope.parameters(of: last, in: attempt.machine.tree)
    #expect(seen == ["n": 1, "m": 2])
  }

  @Test func `what an operator generates again is skipped where it succeeded`() throws {
    let sub = group("^sub", [task("+x"), task("+y")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      ["+w+a": [.success(TaskResult(subtasks: sub))]],
      finishedBefore: [FinishedTask(fullName: "+w+a^sub+x", store: [:], reset: [], exported: [:])]
    )
    #expect(attempt.tries == ["+w+a", "+w+a^sub+y"])
    #expect(attempt.status == .success)
  }

  @Test func `a long chain of empty groups does not exhaust the stack`() throws {
    let groups = (0..<20_000).map { group("+g\($0)", []) }
    let attempt = try ScriptedAttempt(group("+w", groups), taskLimit: 100_000)
    #expect(attempt.status == .success)
  }
}
