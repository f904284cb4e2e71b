import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct ResultExportOperatorTests {
  @Test func `a small result is sent as it was, whatever became of its table`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run(
      "td",
      ["_command": ["data": "SELECT 1 AS n, 'x' AS w"], "create_table": "t"]
    )
    let job = try await fixture.run("td", ["_command": ["data": "SELECT * FROM t"]])
    try await fixture.run(
      "td",
      ["_command": ["data": "SELECT 2 AS n, 'y' AS w"], "create_table": "t"]
    )
    let number = try #require(job.store[path: ["td", "last_job_id"]])
    for path in ["a.csv", "a.parquet"] {
      let result = try await fixture.run(
        "td_result_export",
        [
          "_command": nil, "job_id": .string(number.text), "result_connection": "mine",
          "result_settings": ["path": .string(path)],
        ]
      )
      #expect(result.store[path: ["td", "last_job", "num_records"]] == 1)
    }
    #expect(try fixture.text("mine/a.csv") == "n,w\r\n1,x\r\n")
    let file = fixture.task.folder.path + "/mine/a.parquet"
    _ = try await fixture.warehouse.importParquet(
      file: file,
      into: TableName(database: "db", table: "back")
    )
    #expect(try await fixture.rows("SELECT n, w FROM back") == [[1, "x"]])
    #expect(try await fixture.warehouse.tables(in: "db") == ["back", "t"])
  }

  @Test func `a large result runs again, and options may stand in the operator's own map`()
    async throws
  {
    let fixture = try await TestWarehouse()
    let job = try await fixture.run(
      "td",
      ["_command": ["data": "SELECT n FROM UNNEST(sequence(1, 3000)) AS t(n)"]]
    )
    let number = try #require(job.store[path: ["td", "last_job_id"]])
    let result = try await fixture.run(
      "td_result_export",
      [
        "_command": [
          "job_id": number, "result_connection": "mine", "result_settings": ["path": "n.csv"],
        ]
      ]
    )
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 3000)
    #expect(try fixture.text("mine/n.csv").hasSuffix("\r\n3000\r\n"))
    #expect(fixture.task.log.contains("its query runs again"))
  }

  @Test func `nulls, empty texts and types survive the way through a kept result`() async throws {
    let fixture = try await TestWarehouse()
    let job = try await fixture.run(
      "td",
      [
        "_command": [
          "data":
            "SELECT * FROM (VALUES ('', 1, 0.5e0, DATE '2024-01-31'), (null, null, null, null), (' a,\"b\n', 2, 1e300, DATE '1970-01-01')) t(w, n, x, d)"
        ]
      ]
    )
    try await fixture.run(
      "td_result_export",
      [
        "_command": nil, "job_id": try #require(job.store[path: ["td", "last_job_id"]]),
        "result_connection": "table", "result_settings": ["table": "kept"],
      ]
    )
    #expect(
      try await fixture.rows("SELECT w, n, x, CAST(d AS varchar) FROM kept ORDER BY n") == [
        ["", 1, 0.5, "2024-01-31"], [" a,\"b\n", 2, 1e300, "1970-01-01"], [nil, nil, nil, nil],
      ]
    )
    let types = try await fixture.warehouse.columns(of: TableName(database: "db", table: "kept"))
    #expect(types.map(\.type) == ["VARCHAR", "BIGINT", "DOUBLE", "DATE"])
  }

  @Test func `jobs that have no result, or are not known, are refused`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run("td", ["_command": ["data": "SELECT 1 AS n"], "create_table": "t"])
    func words(_ keys: ObjectValue) async throws -> String {
      let usual: ObjectValue = [
        "_command": nil, "job_id": 1, "result_connection": "mine",
        "result_settings": ["path": "a.csv"],
      ]
      return try await fixture.failure("td_result_export", usual.merging(keys))
    }
    #expect(try await words([:]).hasPrefix("the job 1 wrote its rows to the table `db.t`"))
    #expect(try await words(["job_id": 99]).hasPrefix("the job 99 is not known: `job_id` is what"))
    #expect(
      try await words(["job_id": "abc"]).hasPrefix("Expected integer (int) type for key 'job_id'")
    )
    #expect(
      try await words(["job_id": nil]) == "Parameter 'job_id' is required but not set (config)"
    )
    #expect(
      try await words(["result_connection": nil])
        == "Parameter 'result_connection' is required but not set (config)"
    )
    #expect(
      try await words(["result_settings": "{}"]).hasPrefix(
        "Expected object type for key 'result_settings'"
      )
    )
  }

  @Test func `only the last jobs are remembered`() throws {
    let folder = try TemporaryFolder()
    let archive = JobArchive(folder: folder.path + "/jobs")
    let statement = SQLStatement(text: "SELECT 1", dialect: .hive, database: "db")
    for number in 1...Int64(JobArchive.mostJobs + 60) {
      try archive.keep(
        JobRecord(id: number, taskName: "+a", statement: statement, rowCount: 5)
      )
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/jobs")
    #expect(left.count < JobArchive.mostJobs + 51)
    #expect(try archive.job(1) == nil)
    let last = try archive.job(Int64(JobArchive.mostJobs + 60))
    #expect(last?.statement.dialect == .hive && last?.rowCount == 5 && last?.rows == nil)
  }
}
