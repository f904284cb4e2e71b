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
    return ParameterScope(tree: attempt.machine.tree, session: session).parameters(of: id)
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
}
