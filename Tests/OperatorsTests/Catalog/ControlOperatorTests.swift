import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

/// echo>, fail>, if>, loop>, for_each>, for_range>, call>, notify>; texts and names as digdag has them.
@Suite struct ControlOperatorTests {
  private let task: TestTask
  private let body: Value = ["echo>": "x"]

  init() throws { task = try TestTask() }

  private func names(_ worker: any Operator, _ local: ObjectValue) async throws -> [String] {
    try await task.run(worker, local).subtasks?.children.map(\.name) ?? []
  }

  @Test func `echo prints a scalar as it is`() async throws {
    try await task.run(EchoOperator(), ["_command": "a ${secret:k}"], secrets: ["k": "hidden"])
    try await task.run(EchoOperator(), ["_command": 5])
    #expect(task.output == "a ${secret:k}\n5\n")
    #expect(
      await task.failure(EchoOperator(), ["_command": nil])
        == "Parameter '_command' is required but not set (config)"
    )
    #expect(
      await task.failure(EchoOperator(), ["_command": ["a": 1]]).contains(
        "Expected string type for key '_command'"
      )
    )
  }

  @Test func `fail gives its own words without a suffix`() async {
    #expect(await task.failure(FailOperator(), ["_command": "no data"]) == "no data")
    #expect(await task.failure(FailOperator(), ["_command": nil]) == "")
  }

  @Test(
    arguments: [
      ("true", true), ("True", true), ("1", nil), ("false", false), ("", false), ("null", false),
      ("3", nil),
    ] as [(String, Bool?)]
  )
  func `if reads text as a boolean`(text: String, truth: Bool?) async throws {
    let branches: ObjectValue = [
      "_command": .string(text), "_do": ["echo>": "yes"], "_else_do": ["echo>": "no"],
    ]
    guard let truth else {
      #expect(
        await task.failure(IfOperator(), branches).hasPrefix(
          "Expected 'true' or 'false' for key '_command'"
        )
      )
      return
    }
    let chosen = try #require(try await task.run(IfOperator(), branches).subtasks)
    #expect(chosen.config["_command"]?.string == (truth ? "yes" : "no"))
  }

  @Test func `if without the chosen branch does nothing, without both it fails`() async throws {
    #expect(try await task.run(IfOperator(), ["_command": false, "_do": body]).subtasks == nil)
    #expect(
      await task.failure(IfOperator(), ["_command": true]).hasPrefix(
        "Both _do and _else_do are not specified."
      )
    )
  }

  @Test func `loop counts from zero, and from a visible count`() async throws {
    let result = try await task.run(LoopOperator(), ["_command": "2", "_do": body])
    #expect(result.subtasks?.children.map(\.name) == ["+loop-0", "+loop-1"])
    #expect(result.subtasks?.children.map { $0.export["i"] } == [0, 1])
    #expect(
      try await task.run(LoopOperator(), ["_command": 5, "_do": body], exports: ["count": 1])
        .subtasks?.children.count == 1
    )
    #expect(try await names(LoopOperator(), ["_command": 0, "_do": body]) == [])
    #expect(
      await task.failure(LoopOperator(), ["_command": 1001, "_do": body]).hasPrefix(
        "Too many loop subtasks. Limit: 1000"
      )
    )
  }

  @Test func `for_each forms the product with the last name fastest`() async throws {
    let result = try await task.run(
      ForEachOperator(),
      [
        "_command": ["fruit": ["apple", "o r"], "verb": "[1, \"throw\"]"], "_do": body,
        "_parallel": true,
      ]
    )
    let group = try #require(result.subtasks)
    #expect(
      group.children.map(\.name) == [
        "+for-0=fruit=0=apple&1=verb=0=1", "+for-0=fruit=0=apple&1=verb=1=throw",
        "+for-0=fruit=1=o%20r&1=verb=0=1", "+for-0=fruit=1=o%20r&1=verb=1=throw",
      ]
    )
    #expect(group.children[2].export == ["fruit": "o r", "verb": 1])
    #expect(group.order == .parallel(limit: nil))
    #expect(
      try await names(ForEachOperator(), ["_command": ["a": [1], "b": []], "_do": body]) == []
    )
    #expect(
      await task.failure(ForEachOperator(), ["_command": ["a": 5], "_do": body]).contains(
        "Expected array type"
      )
    )
  }

  @Test func `for_range cuts a range by step or slices`() async throws {
    let result = try await task.run(
      ForRangeOperator(),
      ["_command": ["from": 0, "to": 25, "step": 10], "_do": body]
    )
    #expect(
      result.subtasks?.children.map(\.name) == [
        "+range-from=0&to=10", "+range-from=10&to=20", "+range-from=20&to=25",
      ]
    )
    #expect(
      result.subtasks?.children.last?.export == ["range": ["from": 20, "to": 25, "index": 2]]
    )
    // ceil(10 / 3) = 4
    #expect(
      try await names(
        ForRangeOperator(),
        ["_command": ["from": 0, "to": 10, "slices": 3], "_do": body]
      ) == [
        "+range-from=0&to=4", "+range-from=4&to=8", "+range-from=8&to=10",
      ]
    )
    #expect(
      try await names(
        ForRangeOperator(),
        ["_command": ["from": 5, "to": 5, "step": 1], "_do": body]
      ) == []
    )
    for keys: Value in [
      ["from": 0, "to": 9], ["from": 0, "to": 9, "step": 1, "slices": 1],
      ["from": 0, "to": 9, "step": 0],
    ] {
      #expect(
        await task.failure(ForRangeOperator(), ["_command": keys, "_do": body]).hasSuffix(
          "(config)"
        )
      )
    }
  }

  @Test func `call brings in a file with its folder as the working directory`() async throws {
    try task.folder.write("_export: {a: 1}\n+x:\n  echo>: hi\n", to: "sub/part.dig")
    let group = try #require(try await task.run(CallOperator(), ["_command": "sub/part"]).subtasks)
    #expect(group.export == ["_workdir": "sub", "a": 1])
    #expect(group.children.map(\.name) == ["+x"])
    #expect(
      await task.failure(CallOperator(), ["_command": "none.dig"]).contains(
        "File not found: none.dig"
      )
    )
  }

  @Test func `notify goes to the log`() async throws {
    try await task.run(NotifyOperator(), ["_command": "SLA violation"])
    #expect(task.log == "warning: SLA violation" && task.output.isEmpty)
  }
}
