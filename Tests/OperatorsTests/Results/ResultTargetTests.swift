import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// td> with results that leave, and td_result_export>; against the real engine, moto, PostgreSQL and a real HTTP server.
@Suite struct ResultTargetTests {
  static let query: ObjectValue = [
    "_command": [
      "data":
        "SELECT * FROM (VALUES (1, 'a,b', 1.5e0), (2, null, 2.5e0), (3, 'ü', null)) t(id, word, x) ORDER BY id"
    ]
  ]
  static let csv = "id,word,x\r\n1,\"a,b\",1.5\r\n2,,2.5\r\n3,ü,\r\n"

  @Test func `a connection of the user writes a file, and of the project before it`() async throws {
    let fixture = try await TestWarehouse()
    let keys = Self.query.merging([
      "result_connection": "mine", "result_settings": "{\"path\": \"a.csv\"}",
      "store_last_results": true, "preview": true, "download_file": "copy.csv",
    ])
    let result = try await fixture.run("td", keys)
    #expect(try fixture.text("mine/a.csv") == Self.csv)
    #expect(try fixture.text("copy.csv") == Self.csv)
    #expect(result.store[path: ["td", "last_results"]] == ["id": 1, "word": "a,b", "x": 1.5])
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 3)
    #expect(fixture.task.log.contains("3 rows to the file `mine/a.csv`"))
    #expect(fixture.task.log.contains("3 of 3 rows"))
    try fixture.task.folder.write("mine: {type: file, folder: ours}\n", to: "connections.yml")
    try await fixture.run("td", keys)
    #expect(try fixture.text("ours/a.csv") == Self.csv)
  }

  @Test func `result_url writes each kind of file`() async throws {
    let fixture = try await TestWarehouse()
    for name in ["a.tsv", "a.jsonl", "a.parquet"] {
      let url = Value.string("file://new/folder/\(name)")
      let keys = Self.query.merging(["result_url": url, "store_last_results": true])
      let result = try await fixture.run("td", keys)
      #expect(result.store[path: ["td", "last_results", "id"]] == 1)
    }
    #expect(
      try fixture.text("new/folder/a.jsonl").hasPrefix("{\"id\":1,\"word\":\"a,b\",\"x\":1.5}\n")
    )
    let table = TableName(database: "db", table: "back")
    let path = fixture.task.folder.path + "/new/folder/a.parquet"
    #expect(try await fixture.warehouse.importParquet(file: path, into: table) == 3)
    #expect(
      try await fixture.rows("SELECT * FROM back ORDER BY id") == [
        [1, "a,b", 1.5], [2, nil, 2.5], [3, "ü", nil],
      ]
    )
  }

  @Test func `a table of the warehouse grows or is made anew`() async throws {
    let fixture = try await TestWarehouse()
    for mode in ["append", "append", "replace", "append"] {
      let url = Value.string("td://@/db/out?mode=\(mode)")
      try await fixture.run("td", Self.query.merging(["result_url": url, "preview": true]))
    }
    #expect(try await fixture.rows("SELECT count(*) FROM out") == [[6]])
    let words = try await fixture.failure("td", Self.query.merging(["result_url": "td://@/none/t"]))
    #expect(words.hasPrefix("the database `none` of the result does not exist"))
  }

  @Test func `storage gets a packed object, and Parquet`() async throws {
    let (fixture, store) = (try await TestWarehouse(), try await S3Store())
    try fixture.task.folder.write(
      """
      lake:
        type: s3
        endpoint: \(store.server.endpoint)
        bucket: lake
        access_key_id: ${secret:lake.id}
        secret_access_key: ${secret:lake.key}
      """,
      to: "connections.yml"
    )
    let secrets = ["lake.id": "AKIDEXAMPLE", "lake.key": "hidden"]
    for path in ["/daily/a.csv.gz", "a.parquet", "/logs/"] {
      let keys = Self.query.merging([
        "result_connection": "lake", "result_settings": ["path": .string(path)],
      ])
      try await fixture.run("td", keys, secrets: secrets)
    }
    let keys = try await store.client.list(bucket: "lake", prefix: "").map(\.key)
    #expect(keys == ["a.parquet", "daily/a.csv.gz", "logs/3.csv"])
    #expect(try await store.text("logs/3.csv") == Self.csv)
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.task.folder.path)
    #expect(!left.contains { $0.hasPrefix("tadoru-result") })
    #expect(!fixture.task.log.contains("hidden"))
    let missing = try await fixture.failure(
      "td",
      Self.query.merging(["result_url": .string("s3://none/a?endpoint=\(store.server.endpoint)")])
    )
    #expect(missing.contains("Secret not found for key: 'aws.s3.access_key_id'"))
  }

  @Test func `an HTTP address takes the rows, or its refusal is told`() async throws {
    let (fixture, server) = (try await TestWarehouse(), try HTTPServer())
    let result = try await fixture.run(
      "td",
      Self.query.merging(["result_url": server.address("/status/200/x")])
    )
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 3)
    #expect(
      fixture.task.log.contains("3 rows to POST http://127.0.0.1:\(server.port)/status/200/x")
    )
    let words = try await fixture.failure(
      "td",
      Self.query.merging(["result_url": server.address("/status/404")])
    )
    #expect(
      words.hasPrefix(
        "the result was refused: POST http://127.0.0.1:\(server.port)/status/404 - 404"
      )
    )
  }

  @Test(
    arguments: [
      (["result_connection": "mines"], "the connection `mines` is not known; did you mean `mine`?"),
      (["result_settings": ["a": 1]], "`result_settings` needs `result_connection`"),
      (
        ["result_connection": "mine", "result_url": "file://a"],
        "Setting both result_url and result_connection is invalid"
      ),
      (
        ["result_connection": "mine", "create_table": "t"],
        "the connection `mine`: Parameter 'path' is required but not set"
      ),
      (
        ["result_url": "file://a.csv", "insert_into": "t"],
        "Setting result_connection or result_url with insert_into is invalid"
      ),
      (
        ["result_url": "salesforce://u:p@h/x"],
        "result_url: results cannot go to `salesforce` from here; `type` must be file, s3, postgresql, http or td"
      ),
      (
        ["result_connection": "mine", "result_settings": ["path": "${secret:none}"]],
        "Secret not found for key: 'none'"
      ),
      (
        ["result_url": "file://a.parquet", "download_file": "b.csv"],
        "`download_file` cannot be had together with a result that goes to a Parquet file"
      ),
      (
        ["result_url": "postgresql://h/d/t?mode=update"],
        "result_url: Parameter 'user' is required but not set"
      ),
      (
        ["result_url": "postgresql://u@h/d/t?mode=update"],
        "result_url: `mode: update` needs `unique`"
      ),
      (["result_url": "td://@/db/t?mode=merge"], "result_url: `mode` of a table of the warehouse"),
    ] as [(ObjectValue, String)]
  )
  func `refuses before the query runs`(keys: ObjectValue, words: String) async throws {
    let fixture = try await TestWarehouse()
    let found = try await fixture.failure("td", Self.query.merging(keys))
    #expect(found.hasPrefix(words))
    #expect(!FileManager.default.fileExists(atPath: fixture.task.folder.path + "/jobs"))
  }

  @Test func `a setting that means nothing is warned about`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run(
      "td",
      Self.query.merging(["result_url": "file://a.csv?object=Contact"])
    )
    #expect(
      fixture.task.log.contains("`object` of result_url means nothing to results of type `file`")
    )
  }

  @Test func `a value that came from a secret is not shown`() async throws {
    let fixture = try await TestWarehouse()
    try fixture.task.folder.write(
      "pg: {type: postgresql, host: h, database: d, user: u, table: t, ssl: '${secret:s}'}\n",
      to: "connections.yml"
    )
    do {
      try await fixture.run(
        "td",
        Self.query.merging(["result_connection": "pg"]),
        secrets: ["s": "topsecret"]
      )
      Issue.record("`ssl` is no boolean")
    } catch {
      #expect(
        "\(error)" == "the connection `pg`: Expected 'true' or 'false' for key 'ssl' (config)"
      )
    }
  }
}

extension TestWarehouse {
  /// The text of a file of the project.
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: task.folder.path + "/" + name, encoding: .utf8)
  }
}
