import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct RunSavedQueryOperatorTests {
  private func fixture() async throws -> TestWarehouse {
    let fixture = try await TestWarehouse()
    try fixture.task.folder.write(
      "-- id: 4711\n-- database: db\n-- engine: presto\nSELECT TD_SCHEDULED_TIME() AS at, '${x}' AS raw\n",
      to: "queries/saved/monthly.sql"
    )
    try fixture.task.folder.write("SELECT 1 AS n", to: "queries/saved/12.sql")
    return fixture
  }

  @Test(arguments: ["monthly", 4711] as [Value])
  func `runs by name and by id, without templates`(name: Value) async throws {
    let fixture = try await fixture()
    let result = try await fixture.run(
      "td_run",
      ["_command": name, "store_last_results": true, "preview": true, "download_file": "o.csv"],
      exports: ["x": "no"]
    )
    #expect(
      result.store == [
        "td": [
          "last_job_id": 1, "last_job": ["id": 1, "num_records": 1],
          "last_results": ["at": 1_714_608_000, "raw": "${x}"],
        ]
      ]
    )
    #expect(try fixture.text("o.csv") == "at,raw\r\n1714608000,${x}\r\n")
  }

  @Test func `session_time moves the scheduled time`() async throws {
    let fixture = try await fixture()
    let result = try await fixture.run(
      "td_run",
      [
        "_command": "monthly", "session_time": "2016-01-01T00:00:00+00:00",
        "store_last_results": true,
      ]
    )
    #expect(result.store[path: ["td", "last_results", "at"]] == 1_451_606_400)
  }

  @Test func `a file whose name is a number has that id`() async throws {
    let fixture = try await fixture()
    let result = try await fixture.run("td_run", ["_command": 12, "store_last_results": true])
    #expect(result.store[path: ["td", "last_results", "n"]] == 1)
  }

  @Test func `says what is saved and how to save`() async throws {
    let fixture = try await fixture()
    let words = try await fixture.failure("td_run", ["_command": "montly"])
    #expect(
      words.hasPrefix(
        "there is no saved query `montly`; did you mean `monthly`?; save one as `queries/saved/NAME.sql`"
      )
    )
    #expect(words.contains("saved are `12`, `monthly`"))
    let none = try await TestWarehouse()
    #expect(
      try await none.failure("td_run", ["_command": 1]).hasSuffix("none is saved yet (config)")
    )
    try fixture.task.folder.write("-- engine: spark\nSELECT 1", to: "queries/saved/bad.sql")
    #expect(
      try await fixture.failure("td_run", ["_command": "bad"])
        == "queries/saved/bad.sql: `engine` must be presto or hive, found `spark` (config)"
    )
    try fixture.task.folder.write("SELECT nope", to: "queries/saved/wrong.sql")
    #expect(
      try await fixture.failure("td_run", ["_command": "wrong"]).hasPrefix(
        "queries/saved/wrong.sql:1:8: "
      )
    )
  }
}
