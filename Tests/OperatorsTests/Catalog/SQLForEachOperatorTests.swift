import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@Suite struct SQLForEachOperatorTests {
  @Test func `makes one task for each row, with its columns and without nulls`() async throws {
    let fixture = try await TestWarehouse()
    let result = try await fixture.run(
      "td_for_each",
      [
        "_command": [
          "data":
            "SELECT * FROM (VALUES (1, 'a', 0.1e0), (2, null, 2.5e0)) t(n, word, x) ORDER BY n"
        ],
        "_parallel": ["limit": 3], "_do": ["echo>": "${td.each.n}"],
      ]
    )
    let group = try #require(result.subtasks)
    #expect(group.order == .parallel(limit: 3))
    #expect(group.children.map(\.name) == ["+td-for-each-0", "+td-for-each-1"])
    #expect(group.children[0].export == ["td": ["each": ["n": 1, "word": "a", "x": 0.1]]])
    #expect(group.children[1].export == ["td": ["each": ["n": 2, "x": 2.5]]])
    #expect(group.children[0].config["_command"] == "${td.each.n}")
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 2)
  }

  @Test func `no rows make no tasks`() async throws {
    let fixture = try await TestWarehouse()
    let result = try await fixture.run(
      "td_for_each",
      ["_command": ["data": "SELECT 1 AS a WHERE false"], "_do": ["echo>": "x"]]
    )
    #expect(result.subtasks == nil)
  }

  @Test func `refuses lists, too many rows and a missing _do`() async throws {
    let fixture = try await TestWarehouse()
    let echo: Value = ["echo>": "x"]
    #expect(
      try await fixture.failure(
        "td_for_each",
        ["_command": ["data": "SELECT ARRAY[1] AS l"], "_do": echo]
      )
      .hasPrefix("column `l` of row 1 is a list")
    )
    #expect(
      try await fixture.failure(
        "td_for_each",
        ["_command": ["data": "SELECT n FROM UNNEST(sequence(1, 1001)) AS t(n)"], "_do": echo]
      )
        == "Too many td_for_each subtasks. Limit: 1000 (config)"
    )
    #expect(
      try await fixture.failure("td_for_each", ["_command": ["data": "SELECT 1"]])
        == "Parameter '_do' is required but not set (config)"
    )
  }
}
