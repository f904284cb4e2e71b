import Testing
import Values

@testable import WorkflowLanguage

/// §4.1 of the language: what is evaluated, in which scope.
@Suite struct TemplateEvaluationTests {
  private func evaluate(_ local: ObjectValue, _ parameters: ObjectValue = [:]) throws -> ObjectValue
  {
    try engine.evaluate(local: local, parameters: parameters, timezone: "UTC")
  }

  @Test func `puts a local key where the parameter stands and new keys last`() throws {
    let map = try evaluate(["new": "n", "b": "local"], ["a": 1, "b": 2, "c": 3])
    #expect(map == ["a": 1, "b": "local", "c": 3, "new": "n"])
    #expect(map.keys == ["a", "b", "c", "new"])
  }

  @Test func `lets a local key see the keys above it, not below`() throws {
    #expect(try evaluate(["x": "1", "y": "${x}2"])["y"] == "12")
    #expect(throws: WorkflowError.self) { try evaluate(["y": "${x}", "x": "1"]) }
    #expect(try evaluate(["y": "${x}", "x": "1"], ["x": "outer"])["y"] == "1")
  }

  @Test func `gives a key that names itself the raw outer value`() throws {
    #expect(try evaluate(["column": "${column}"], ["column": "class"])["column"] == "class")
    #expect(try evaluate(["x": "${x}"], ["other": "1", "x": "${other}"])["x"] == "${other}")
  }

  @Test func `evaluates exports with the task's values`() throws {
    let map = try evaluate([:], ["name": "${task_name}!", "task_name": "+wf+a"])
    #expect(map["name"] == "+wf+a!")
    #expect(try evaluate(["v": "${e}"], ["x": 1, "e": "${x}"])["v"] == "1")
  }

  @Test func `shows nested maps raw parameters and their own earlier keys only`() throws {
    let parameters: ObjectValue = ["raw": "${n}", "n": 5]
    let map = try evaluate(
      ["top": "t", "m": ["a": "1", "b": "${a}${n}", "c": "${raw}"]],
      parameters
    )
    #expect(map["m"] == ["a": "1", "b": "15", "c": "${n}"])
    #expect(throws: WorkflowError.self) { try evaluate(["top": "t", "m": ["a": "${top}"]]) }
    #expect(throws: WorkflowError.self) { try evaluate(["m": ["a": "1", "in": ["b": "${a}"]]]) }
  }

  @Test func `gives list elements the scope of the map around the list`() throws {
    #expect(try evaluate(["a": "1", "l": ["${a}", ["${a}2"]]])["l"] == ["1", ["12"]])
    #expect(
      try evaluate(["m": ["a": "1", "l": ["${a}", ["k": "v", "q": "${k}"]]]])["m"]
        == ["a": "1", "l": ["1", ["k": "v", "q": "v"]]]
    )
    #expect(throws: WorkflowError.self) { try evaluate(["a": "1", "l": [["k": "${a}"]]]) }
  }

  @Test func `leaves _do and _else_do alone at any depth`() throws {
    let later: Value = ["echo>": "${unknown}"]
    let map = try evaluate(["_do": later, "m": ["_else_do": later], "l": [["_do": later]]])
    #expect(map == ["_do": later, "m": ["_else_do": later], "l": [["_do": later]]])
  }

  @Test func `fails for a broken export that nobody uses`() {
    #expect(throws: WorkflowError.self) { try evaluate(["x": "1"], ["broken": "${nothing}"]) }
  }

  @Test func `does not touch keys, other kinds and texts without a dollar`() throws {
    let map: ObjectValue = ["${k}": 1, "i": 7, "d": 1.5, "b": true, "n": nil, "s": "{x}"]
    #expect(try evaluate(map) == map)
  }

  @Test func `merges a local map into the parameter of its name`() throws {
    let map = try evaluate(
      ["td": ["engine": "hive"]],
      ["td": ["database": "d", "engine": "presto"]]
    )
    #expect(map["td"] == ["database": "d", "engine": "hive"])
  }
}
