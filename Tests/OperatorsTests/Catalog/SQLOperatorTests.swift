import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// With the real engine and the real translator.
@Suite struct SQLOperatorTests {
  @Test func `a file sees parameters, local keys and the defaults of td`() async throws {
    let fixture = try await TestWarehouse()
    try fixture.task.folder.write(
      "SELECT ${n} + 1 AS n, '${label}' AS label, '${database}' AS db, null AS gone\n",
      to: "q/a.sql"
    )
    let result = try await fixture.run(
      "td",
      ["_command": "q/a.sql", "store_last_results": "true", "label": "x"],
      exports: ["n": 41]
    )
    #expect(
      result.store == [
        "td": [
          "last_job_id": 1, "last_job": ["id": 1, "num_records": 1],
          "last_results": ["n": 42, "label": "x", "db": "db", "gone": nil],
        ]
      ]
    )
    #expect(result.reset == [["td", "last_results"]])
  }

  @Test func `text in the workflow is not evaluated twice`() async throws {
    let fixture = try await TestWarehouse()
    for keys: ObjectValue in [
      ["_command": ["data": "SELECT '$${x}' AS t"]],
      ["_command": nil, "query": "SELECT '$${x}' AS t"],
    ] {
      let result = try await fixture.run(
        "td",
        keys.merging(["store_last_results": true]),
        exports: ["x": 1]
      )
      #expect(result.store[path: ["td", "last_results", "t"]] == "${x}")
    }
  }

  @Test func `no rows and no result are an empty map`() async throws {
    let fixture = try await TestWarehouse()
    let none = try await fixture.run(
      "td",
      ["_command": ["data": "SELECT 1 AS a WHERE false"], "store_last_results": true]
    )
    #expect(none.store[path: ["td", "last_results"]] == [:])
    let created = try await fixture.run(
      "td",
      ["_command": ["data": "SELECT 1 AS a"], "create_table": "t", "store_last_results": true]
    )
    #expect(created.store[path: ["td", "last_results"]] == [:])
    #expect(created.store[path: ["td", "last_job", "num_records"]] == 1)
    let plain = try await fixture.run("td", ["_command": ["data": "SELECT 1 AS a"]])
    #expect(plain.store[path: ["td", "last_results"]] == nil && plain.reset.isEmpty)
  }

  @Test(arguments: ["presto", "hive"])
  func `create_table replaces, insert_into appends and makes the table`(engine: String) async throws
  {
    let fixture = try await TestWarehouse()
    let query: ObjectValue = [
      "_command": ["data": "SELECT 1 AS a, 'x' AS b"], "engine": .string(engine),
    ]
    for _ in 1...2 { try await fixture.run("td", query.merging(["insert_into": "db.grown"])) }
    for _ in 1...2 { try await fixture.run("td", query.merging(["create_table": "made"])) }
    #expect(try await fixture.rows("SELECT a, b FROM grown") == [[1, "x"], [1, "x"]])
    #expect(try await fixture.rows("SELECT a, b FROM made") == [[1, "x"]])
  }

  @Test func `downloads CSV with quotes where needed`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run(
      "td",
      [
        "_command": [
          "data":
            "SELECT * FROM (VALUES (1, 'a,b', 1.5e0), (2, null, null), (3, 'say \"é\"', 0.25e0)) t(id, word, x) ORDER BY id"
        ],
        "download_file": "out.csv", "preview": true,
      ]
    )
    let text = try String(contentsOfFile: fixture.task.folder.path + "/out.csv", encoding: .utf8)
    #expect(text == "id,word,x\r\n1,\"a,b\",1.5\r\n2,,\r\n3,\"say \"\"é\"\"\",0.25\r\n")
    #expect(fixture.task.log.contains("3 of 3 rows"))
    #expect(!FileManager.default.fileExists(atPath: fixture.task.folder.path + "/out.csv.part"))
  }

  @Test func `a failed download leaves no file`() async throws {
    let fixture = try await TestWarehouse()
    _ = try await fixture.failure(
      "td",
      ["_command": ["data": "SELECT no_such FROM (VALUES 1) t(a)"], "download_file": "out.csv"]
    )
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.task.folder.path)
    #expect(!left.contains { $0.hasPrefix("out.csv") })
  }

  @Test func `shows at most twenty rows of what was written`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run(
      "td",
      [
        "_command": ["data": "SELECT n FROM UNNEST(sequence(1, 50)) AS t(n)"],
        "create_table": "many",
        "preview": "true",
      ]
    )
    #expect(fixture.task.log.contains("20 of 50 rows"))
  }

  @Test func `an error names the file and the line as written`() async throws {
    let fixture = try await TestWarehouse()
    try fixture.task.folder.write(
      "SELECT a,\n  colour\nFROM (VALUES (1, 2)) t(a, color)\n",
      to: "q.sql"
    )
    let words = try await fixture.failure("td", ["_command": "q.sql"])
    #expect(words.hasPrefix("q.sql:2:3: "))
    #expect(words.contains("colour"))
    let inline = try await fixture.failure(
      "td",
      ["_command": ["data": "SELECT 1\nFROM nothing_here"]]
    )
    #expect(inline.hasPrefix("wf.dig:3:1: query line 2:6: "))
    #expect(inline.contains("nothing_here"))
  }

  @Test func `refuses what cannot be meant`() async throws {
    let fixture = try await TestWarehouse()
    func words(
      _ keys: ObjectValue,
      exports: ObjectValue = TestWarehouse.defaults
    ) async throws -> String {
      try await fixture.failure(
        "td",
        (["_command": ["data": "SELECT 1"]] as ObjectValue).merging(keys),
        exports: exports
      )
    }
    #expect(
      try await words(["create_table": "a", "insert_into": "b"])
        == "Setting both insert_into and create_table is invalid (config)"
    )
    #expect(
      try await words(["download_file": "f", "insert_into": "b"]).hasSuffix(
        "no result to download (config)"
      )
    )
    #expect(
      try await words(["engine": "spark"])
        == "Unknown 'engine:' option (available options are: hive and presto): spark (config)"
    )
    #expect(
      try await words([:], exports: [:]) == "Parameter 'database' is required but not set (config)"
    )
    #expect(try await words(["database": " "]) == "Parameter 'database' is empty (config)")
    #expect(try await words(["_command": "no.sql"]) == "File not found: no.sql (config)")
    #expect(try await words(["_command": nil]).contains("a query is needed"))
    #expect(try await words(["_command": ["data": "  \n"]]).contains("the query is empty"))
    #expect(
      try await words(["result_connection": "s3"]).hasPrefix(
        "the connection `s3` is not known; write it in"
      )
    )
    #expect(
      try await words(["result_settings": "{}"])
        == "`result_settings` needs `result_connection` (config)"
    )
    #expect(try await words(["create_table": "a.b.c"]).hasPrefix("`create_table`: "))
    #expect(try await words(["store_last_results": "first"]).contains("Expected 'true' or 'false'"))
    try fixture.task.folder.write("SELECT ${nope}", to: "t.sql")
    #expect(try await words(["_command": "t.sql"]).hasPrefix("in `t.sql`: "))
  }

  @Test func `the secret td_database wins over the option`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.warehouse.apply(.createDatabase("hidden"))
    try await fixture.run(
      "td",
      ["_command": ["data": "SELECT 1 AS a"], "create_table": "t"],
      secrets: ["td.database": "hidden"]
    )
    #expect(try await fixture.warehouse.tables(in: "hidden") == ["t"])
  }
}
