import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Tries that are repeated with the key they had.
@Suite struct RepeatedTryTests {
  private let fixture: TestWarehouse

  init() async throws { fixture = try await TestWarehouse() }

  private func run(
    _ type: String,
    _ local: ObjectValue,
    key: String
  ) async throws -> TaskResult {
    let context = try fixture.task.context(
      local,
      exports: TestWarehouse.defaults,
      tryKey: TryKey(key)
    )
    guard case .done(let result)? = try await fixture.operators[type]?.run(context) else {
      throw TaskFailure(.runtime, "no end")
    }
    return result
  }

  @Test func `a repeated try finds its rows written, another try writes again`() async throws {
    let local: ObjectValue = ["_command": ["data": "SELECT 1 AS n"], "insert_into": "t"]
    let first = try await run("td", local, key: "a")
    #expect(try await run("td", local, key: "a").store == first.store)
    #expect(
      fixture.task.log.contains(
        "job 1: was done already before the process ended; not run again (1 rows)"
      )
    )
    #expect(try await run("td", local, key: "b").store != first.store)
    #expect(try await fixture.rows("SELECT count(*) FROM t") == [[2]])
  }

  @Test func `a preview that fails does not fail what is written`() async throws {
    let text = "SELECT 1 AS n; INSERT INTO u SELECT 2; DROP TABLE t"
    try await fixture.warehouse.apply(.createTable(TableName(database: "db", table: "u")))
    _ = try await run(
      "td",
      ["_command": ["data": .string(text)], "insert_into": "t", "preview": true],
      key: "a"
    )
    #expect(try await fixture.rows("SELECT count(*) FROM u") == [[1]])
    #expect(fixture.task.log.contains("warning: no preview: "), "\(fixture.task.log)")
  }

  @Test func `predictions are appended once, and replace as often as they are made`() async throws {
    let file = fixture.task.folder.path + "/p.parquet"
    let query = SQLStatement(text: "SELECT 1 AS n", dialect: .presto, database: "db")
    _ = try await fixture.warehouse.exportParquet(query, to: file, rowLimit: 0)
    let context = try fixture.task.context([:], tryKey: TryKey("a"))
    for mode in [ImportMode.append, .overwrite] {
      let table = OutputTable(
        option: "output_table",
        name: TableName(database: "db", table: mode.rawValue),
        mode: mode
      )
      for _ in 1...2 { try await table.load(file, into: fixture.warehouse, context) }
      #expect(try await fixture.rows("SELECT count(*) FROM \(mode.rawValue)") == [[1]])
    }
    #expect(
      fixture.task.log.contains(
        "1 rows into `db.append`: was done already before the process ended; not run again"
      )
    )
    #expect(fixture.task.log.components(separatedBy: "not run again").count == 2)
  }
}
