import SQLWarehouse
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct TableTimeOperatorTests {
  /// How long until the next look; nil when the wait is over.
  private func pause(
    _ worker: any Operator,
    _ fixture: TestWarehouse,
    _ keys: ObjectValue
  ) async throws -> Duration? {
    switch try await worker.run(fixture.task.context(keys, exports: TestWarehouse.defaults)) {
    case .done(let result):
      #expect(result.store.isEmpty)
      return nil
    case .poll(let pause, _): return pause
    }
  }

  @Test func `td_wait_table waits for the table, then for its rows`() async throws {
    let fixture = try await TestWarehouse()
    let worker = TableWaitOperator(warehouse: fixture.warehouse)
    #expect(try await pause(worker, fixture, ["_command": "none.t"]) == .seconds(30))
    #expect(try await pause(worker, fixture, ["_command": "t", "interval": "2m"]) == .seconds(120))
    #expect(try await pause(worker, fixture, ["_command": "t", "interval": 45]) == .seconds(45))
    #expect(try await pause(worker, fixture, ["_command": "t", "interval": "5"]) == .seconds(30))
    try await fixture.warehouse.apply(.createTable(TableName(database: "db", table: "t")))
    #expect(try await pause(worker, fixture, ["_command": "t"]) == nil)
    #expect(try await pause(worker, fixture, ["_command": "t", "rows": 1]) == .seconds(30))
    try await fixture.run(
      "td",
      ["_command": ["data": "SELECT * FROM (VALUES 1, 2) AS v (n)"], "insert_into": "t"]
    )
    #expect(try await pause(worker, fixture, ["_command": "db.t", "rows": "2"]) == nil)
    #expect(try await pause(worker, fixture, ["_command": "t", "rows": 3]) == .seconds(30))
    #expect(fixture.task.log.contains("table db.t has 2 of 3 rows"))
  }

  @Test(arguments: [
    ("SELECT 1", true), ("SELECT 0", false), ("SELECT true", true), ("SELECT false", false),
    ("SELECT NULL", false), ("SELECT 1 WHERE 1 = 0", false), ("SELECT 'x'", true),
    ("SELECT 0.0e0", false), ("SELECT 0, 1", false),
  ])
  func `td_wait takes the first value of the first row for the answer`(
    query: String,
    isYes: Bool
  ) async throws {
    let fixture = try await TestWarehouse()
    let worker = QueryWaitOperator(warehouse: fixture.warehouse)
    let pause = try await pause(worker, fixture, ["_command": nil, "query": .string(query)])
    #expect(pause == (isYes ? nil : .seconds(30)))
  }

  @Test func `td_partial_delete deletes from the first to before the last second`() async throws {
    let fixture = try await TestWarehouse()
    let worker = PartialDeleteOperator(warehouse: fixture.warehouse)
    // 1704067200 is 2024-01-01 00:00:00 UTC (`date -ud 2024-01-01 +%s`).
    try await fixture.run(
      "td",
      [
        "_command": [
          "data":
            "SELECT * FROM (VALUES 1704067199, 1704067200, 1704067259, 1704067260) AS v (time)"
        ],
        "create_table": "t",
      ]
    )
    let task = fixture.task
    func delete(_ from: Value, _ to: Value) async throws {
      try await task.run(
        worker,
        ["_command": "t", "from": from, "to": to],
        exports: TestWarehouse.defaults
      )
    }
    try await delete("2024-01-01 00:00:00", 1_704_067_260)
    #expect(
      try await fixture.rows("SELECT time FROM t ORDER BY 1") == [[1_704_067_199], [1_704_067_260]]
    )
    // An hour ahead of UTC: 00:01:00 to 00:02:00.
    try await delete("2024-01-01 01:01:00 +0100", "2024-01-01T01:02:00+01:00")
    #expect(try await fixture.rows("SELECT time FROM t") == [[1_704_067_199]])
    func words(_ keys: ObjectValue) async -> String {
      await task.failure(worker, keys, exports: TestWarehouse.defaults)
    }
    #expect(
      await words(["_command": "t", "from": 5]) == "Parameter 'to' is required but not set (config)"
    )
    #expect(await words(["_command": "t", "from": 5, "to": "soon"]).hasPrefix("`to` must be Unix"))
    #expect(await words(["_command": "t", "from": 5, "to": 5]).hasPrefix("`from` must be before"))
    #expect(
      await words(["_command": "x", "from": 5, "to": 6]) == "table db.x does not exist (config)"
    )
  }
}
