import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ParameterScopeTests {
  private func stored(_ value: ObjectValue, reset: [[String]] = []) -> [ScriptedAttempt.Ending] {
    [.success(TaskResult(store: value, reset: reset))]
  }

  private func parameters(
    of name: String,
    in attempt: ScriptedAttempt,
    session: ObjectValue = [:]
  ) throws -> ObjectValue {
    let id = try #require(attempt.entry(name)?.id)
    var scope = ParameterScope(session: session)
    return scope.parameters(of: id, in: attempt.machine.tree)
  }

  @Test func `a store beats the exports above it, a later group's export beats the store`() throws {
    let attempt = try ScriptedAttempt(
      group(
        "+w",
        [task("+a"), task("+b"), group("+g", [task("+c")], export: ["v": "group"])],
        export: ["v": "root"]
      ),
      ["+w+a": stored(["v": "stored"])]
    )
    #expect(try parameters(of: "+w+b", in: attempt) == ["v": "stored"])
    #expect(try parameters(of: "+w+g+c", in: attempt) == ["v": "group"])
  }

  @Test func `a task's own export beats every store, the session loses to the root's export`()
    throws
  {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b", export: ["v": "own"])], export: ["s": "root"]),
      ["+w+a": stored(["v": "stored"])]
    )
    #expect(
      try parameters(of: "+w+b", in: attempt, session: ["s": "session", "p": "1"])
        == ["s": "root", "p": "1", "v": "own"]
    )
  }

  @Test func `parallel branches do not see each other; after the join the higher id wins`() throws {
    let attempt = try ScriptedAttempt(
      group(
        "+w",
        [group("+p", [task("+a"), task("+b")], order: .parallel(limit: nil)), task("+c")]
      ),
      ["+w+p+a": stored(["v": 1, "a": 1]), "+w+p+b": stored(["v": 2])]
    )
    #expect(try parameters(of: "+w+p+b", in: attempt) == [:])
    #expect(try parameters(of: "+w+c", in: attempt) == ["v": 2, "a": 1])
  }

  @Test
  func `stores made in generated tasks are visible behind the generator and in later iterations`()
    throws
  {
    let sub = group("^sub", [task("+i0"), task("+i1")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+loop"), task("+after")]),
      ["+w+loop": [.success(TaskResult(subtasks: sub))], "+w+loop^sub+i0": stored(["seen": true])]
    )
    #expect(try parameters(of: "+w+loop^sub+i1", in: attempt) == ["seen": true])
    #expect(try parameters(of: "+w+after", in: attempt) == ["seen": true])
  }

  @Test func `a reset drops the old map instead of merging into it`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b"), task("+c")]),
      [
        "+w+a": stored(["td": ["last_results": ["x": 1], "other": 1]]),
        "+w+b": stored(["td": ["last_results": ["y": 2]]], reset: [["td", "last_results"]]),
      ]
    )
    #expect(
      try parameters(of: "+w+c", in: attempt) == ["td": ["other": 1, "last_results": ["y": 2]]]
    )
  }

  @Test func `exports made at run time reach only what the task generates`() throws {
    let sub = group("^sub", [task("+x")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a"), task("+b")]),
      ["+w+a": [.success(TaskResult(export: ["i": 0], subtasks: sub))]]
    )
    #expect(try parameters(of: "+w+a^sub+x", in: attempt) == ["i": 0])
    #expect(try parameters(of: "+w+b", in: attempt) == [:])
  }

  @Test func `a new round of a group does not see the stores of the round before`() throws {
    let attempt = try ScriptedAttempt(
      group("+w", [group("+g", [task("+a"), task("+b")], retry: 1), task("+c")]),
      ["+w+g+a": stored(["first": 1]) + stored(["second": 2]), "+w+g+b": [.failure("x")]]
    )
    #expect(try parameters(of: "+w+g+b", in: attempt) == ["second": 2])
    #expect(try parameters(of: "+w+c", in: attempt) == ["first": 1, "second": 2])
  }

  /// The merge of §3 as the language states it, with nothing kept: every upstream task, transitively, in order of ids.
  private func stated(_ id: TaskID, in tree: TaskTree) -> ObjectValue {
    var merged = ObjectValue()
    func take(_ id: TaskID) {
      for path in tree[id].reset { merged.remove(at: path) }
      merged.merge(tree[id].store)
    }
    func isBelow(_ id: TaskID, _ ancestor: TaskID) -> Bool {
      id != ancestor && tree.path(to: id).contains(ancestor)
    }
    let path = tree.path(to: id)
    for level in path {
      var upstreams = Set(tree[level].upstreams)
      for candidate in tree.entries.reversed() where upstreams.contains(candidate.id) {
        upstreams.formUnion(candidate.upstreams)
      }
      for upstream in upstreams.sorted() {
        take(upstream)
        for entry in tree.entries where isBelow(entry.id, upstream) { take(entry.id) }
      }
      guard level != id else { break }
      merged.merge(tree[level].node.export)
      merged.merge(tree[level].exported)
      take(level)
    }
    merged.merge(tree[id].node.export)
    return merged
  }

  @Test func `what is kept between tasks changes nothing, in whatever order they ask`() throws {
    let leaf = { (name: String) in task(name, after: ["+c"].filter { _ in name == "+e" }) }
    let inner = { (name: String, order: TaskNode.Order) in
      group(name, ["+a", "+b", "+c", "+d", "+e"].map(leaf), order: order, export: ["g": "inner"])
    }
    let root = group(
      "+w",
      [
        inner("+sequential", .sequential), task("+background", isBackground: true),
        inner("+chunks", .parallel(limit: 2)), task("+between"),
        inner("+parallel", .parallel(limit: nil)),
        group("+again", [task("+x"), task("+y")], retry: 1), task("+last", export: ["own": 1]),
      ],
      export: ["v": "root"]
    )
    var script: [String: [ScriptedAttempt.Ending]] = [:]
    for entry in try ScriptedAttempt(root).machine.tree.entries where !entry.isGroup {
      let name = entry.fullName
      script[name] = stored(
        ["v": .string(name), "m": [name: 1], "r": [name: 1]],
        reset: name.hasSuffix("+c") ? [["r"]] : []
      )
    }
    script["+w+again+y"] = [.failure("x")] + stored(["v": "second"])
    let tree = try ScriptedAttempt(root, script).machine.tree
    let ids = tree.entries.map(\.id)
    let orders: [[TaskID]] = [ids, ids.reversed(), ids.sorted { ($0 * 7) % 31 < ($1 * 7) % 31 }]
    for order in orders {
      var scope = ParameterScope(session: [:])
      for id in order {
        #expect(scope.parameters(of: id, in: tree) == stated(id, in: tree), "\(tree[id].fullName)")
      }
    }
  }

  @Test func `an operator that runs again is asked for its exports again`() throws {
    let sub = group("^sub", [task("+x")])
    let attempt = try ScriptedAttempt(
      group("+w", [task("+a")]),
      [
        "+w+a": [
          .retried(TaskResult(export: ["i": 1], subtasks: sub), RetryPolicy(limit: 1)),
          .success(TaskResult(export: ["i": 2], subtasks: sub)),
        ], "+w+a^sub+x": [.failure("x")],
      ]
    )
    let tree = attempt.machine.tree
    var scope = ParameterScope(session: [:])
    var before = tree
    let operation = try #require(tree.entries.first { $0.fullName == "+w+a" }?.id)
    before[operation].retryCount = 0
    before[operation].exported = ["i": 1]
    let generated = tree.entries.filter { $0.fullName == "+w+a^sub+x" }.map(\.id)
    try #require(generated.count == 2)
    #expect(scope.parameters(of: generated[0], in: before) == ["i": 1])
    #expect(scope.parameters(of: generated[1], in: tree) == ["i": 2])
  }
}
