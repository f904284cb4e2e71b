import Foundation
import SQLWarehouse
import Storage
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct LoadOperatorTests {
  private let fixture: TestWarehouse
  private var folder: TemporaryFolder { fixture.task.folder }

  init() async throws { fixture = try await TestWarehouse() }

  @discardableResult
  private func load(
    _ config: ObjectValue,
    _ options: ObjectValue = ["table": "t"],
    secrets: [String: String] = [:]
  ) async throws -> TaskResult {
    let local = ObjectValue([("config", .object(config))]).merging(options)
    return try await fixture.run("td_load", local, secrets: secrets)
  }

  private func refusal(_ config: ObjectValue) async throws -> String {
    try await fixture.failure("td_load", ["config": .object(config), "table": "t"])
  }

  @Test func `loads the file that a configuration file names`() async throws {
    try folder.write(
      "time,id,name\n1714608000,1,Ann\n1714608060,2,\"Bob, Jr\"\n",
      to: "data/2024-05-02.csv"
    )
    try folder.write("9,9,9\n", to: "data/2024-05-03.csv")
    // The shape of the Treasure Boxes' td_load/*/config/daily_load.yml.
    try folder.write(
      """
      # comment
      ---
      in:
        type: file
        path_prefix: "data/${["2024", "05", "02"].join("-")}"
        parser:
          charset: UTF-8
          newline: LF
          type: csv
          delimiter: ","
          quote: "\\""
          escape: "\\""
          trim_if_not_quoted: false
          skip_header_lines: 1
          allow_extra_columns: false
          allow_optional_columns: false
          columns:
          - {name: time, type: long}
          - {name: id, type: long}
          - {name: name, type: string}
      out: {}
      exec: {}
      filters: []
      """,
      to: "config/daily_load.yml"
    )
    let result = try await fixture.run(
      "td_load",
      ["_command": "config/daily_load.yml", "table": "visits"],
      exports: ["session_time": "2024-05-02T00:00:00+00:00"]
    )
    #expect(result.store == ["td": ["last_job_id": 1, "last_job": ["id": 1, "num_records": 2]]])
    #expect(
      try await fixture.rows("SELECT * FROM visits ORDER BY id")
        == [[1_714_608_000, 1, "Ann"], [1_714_608_060, 2, "Bob, Jr"]]
    )
    #expect(!fixture.task.log.contains("not used"), "\(fixture.task.log)")
    #expect(!folder.contains("tadoru-load-id"))
  }

  @Test func `finds the columns of files without a description`() async throws {
    try folder.write("id\tscore\n1\t0.5\n", to: "in/a.tsv")
    try folder.write("id\tscore\n2\t\n", to: "in/b.tsv")
    try await load(["in": ["type": "file", "path_prefix": "in/"]])
    #expect(try await fixture.rows("SELECT * FROM t ORDER BY id") == [[1, 0.5], [2, nil]])
    #expect(fixture.task.log.contains("columns found in the data: id BIGINT, score DOUBLE"))
  }

  @Test func `replaces the table, or adds to it`() async throws {
    try folder.write("id\n1\n", to: "a.csv")
    let input: Value = [
      "type": "file", "path_prefix": "a.csv",
      "parser": ["type": "csv", "header_line": true, "columns": [["name": "id", "type": "long"]]],
    ]
    try await load(["in": input])
    try await load(["in": input])
    #expect(try await fixture.rows("SELECT count(*) FROM t") == [[2]])
    try await load(["in": input, "out": ["mode": "replace"]])
    #expect(try await fixture.rows("SELECT count(*) FROM t") == [[1]])
  }

  @Test func `leaves out bad rows, or fails and leaves the table alone`() async throws {
    try folder.write("id\n1\nx\n3\n", to: "a.csv")
    var parser: ObjectValue = [
      "type": "csv", "skip_header_lines": 1, "columns": [["name": "id", "type": "long"]],
    ]
    let input: ObjectValue = ["type": "file", "path_prefix": "a.csv", "parser": .object(parser)]
    let result = try await load(["in": .object(input)])
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 2)
    #expect(
      fixture.task.log.contains(
        "row left out: a.csv:3: column `id` must be an integer, found `x`"
      )
    )
    parser["stop_on_invalid_record"] = true
    let strict = input.merging(["parser": .object(parser)])
    #expect(
      try await refusal(["in": .object(strict), "out": ["mode": "replace"]])
        == "1 row is not as expected: a.csv:3: column `id` must be an integer, found `x` (runtime)"
    )
    #expect(try await fixture.rows("SELECT count(*) FROM t") == [[2]])
  }

  @Test func `expands JSON, renames and adds the time as the public box does`() async throws {
    try folder.write(
      #"{"ID": 1, "name": "Ann", "valid_user": true, "email": {"primary": "a@x"}}"# + "\n",
      to: "a.json"
    )
    // The filters of scenarios/expand_json_s3/config/load.yml in treasure-boxes.
    try await load([
      "in": ["type": "file", "path_prefix": "a.json", "parser": ["type": "json"]],
      "filters": [
        [
          "type": "expand_json", "json_column_name": "record", "root": "$.",
          "expanded_columns": [
            ["name": "ID", "type": "long"], ["name": "valid_user", "type": "boolean"],
            ["name": "email.primary", "type": "string"],
            ["name": "email.secondary", "type": "string"],
          ],
        ],
        [
          "type": "add_time", "to_column": ["name": "time", "type": "timestamp"],
          "from_value": ["mode": "fixed_time", "value": "1714608000"],
        ],
        [
          "type": "rename",
          "rules": [
            ["rule": "upper_to_lower"],
            [
              "rule": "character_types", "pass_types": ["a-z", "0-9"], "pass_characters": "_",
              "replace": "_",
            ],
            [
              "rule": "first_character_types", "pass_types": ["a-z"], "pass_characters": "_",
              "prefix": "_",
            ],
            ["rule": "unique_number_suffix", "max_length": 128],
          ],
        ],
      ],
    ])
    #expect(
      try await fixture.warehouse.columns(of: TableName(database: "db", table: "t")).map(\.name)
        == ["id", "valid_user", "email_primary", "email_secondary", "time"]
    )
    #expect(try await fixture.rows("SELECT * FROM t") == [[1, true, "a@x", nil, 1_714_608_000]])
  }

  @Test func `adds, chooses and drops columns`() async throws {
    try folder.write("a,b,c\n1,2,3\n", to: "a.csv")
    try await load([
      "in": ["type": "file", "path_prefix": "a.csv"],
      "filters": [
        ["type": "remove_columns", "remove": ["b"]],
        ["type": "rename", "columns": ["c": "d"]],
        ["type": "column", "add_columns": [["name": "kind", "type": "string", "default": "x"]]],
        ["type": "add_time", "to_column": ["name": "time"], "from_value": ["mode": "upload_time"]],
      ],
    ])
    #expect(
      try await fixture.rows("SELECT a, d, kind, time FROM t") == [[1, 3, "x", 1_714_608_123]]
    )
  }

  @Test func `reads Shift_JIS and packed files`() async throws {
    let text = try #require("名前\n東京\n".data(using: .shiftJIS))
    try text.write(to: folder.url.appending(path: "sjis.csv"))
    let parser: Value = [
      "type": "csv", "charset": "MS932", "skip_header_lines": 1,
      "columns": [["name": "city", "type": "string"]],
    ]
    try await load(["in": ["type": "file", "path_prefix": "sjis.csv", "parser": parser]])
    #expect(try await fixture.rows("SELECT city FROM t") == [["東京"]])
    let zip = Process()
    zip.executableURL = URL(filePath: "/bin/gzip")
    zip.arguments = [folder.path + "/sjis.csv"]
    try zip.run()
    zip.waitUntilExit()
    try await load([
      "in": [
        "type": "file", "path_prefix": "sjis.csv", "decoders": [["type": "gzip"]], "parser": parser,
      ]
    ])
    #expect(try await fixture.rows("SELECT city FROM t") == [["東京"], ["東京"]])
  }

  @Test func `fetches a file over HTTP`() async throws {
    let server = try HTTPServer()
    let words = try await refusal([
      "in": ["type": "http", "url": server.address("/status/404"), "parser": ["type": "json"]]
    ])
    #expect(words.contains("404"), "\(words)")
    for key in ["url", "path_prefix"] {
      let type: Value = key == "url" ? "http" : "file"
      try await load([
        "in": .object(ObjectValue([("type", type), (key, server.address("/table.csv?x=1"))]))
      ])
    }
    #expect(try await fixture.rows("SELECT id, name FROM t") == [[7, "seven"], [7, "seven"]])
  }

  @Test func `reads tables and queries of SQLite`() async throws {
    let shop = try SQLDatabase(path: folder.path + "/shop.db", durability: .process)
    try shop.write {
      try $0.execute("CREATE TABLE \"order\" (id INTEGER, price REAL, note TEXT, mixed)")
      try $0.execute(
        "INSERT INTO \"order\" VALUES (1, 2.5, 'a \"b\"', 1), (2, 3, NULL, 'x'), (3, NULL, '', NULL)"
      )
    }
    try await load([
      "in": ["type": "sqlite3", "path": "shop.db", "table": "order", "where": "id < 3"]
    ])
    #expect(
      try await fixture.rows("SELECT * FROM t ORDER BY id")
        == [[1, 2.5, "a \"b\"", "1"], [2, 3.0, nil, "x"]]
    )
    let words = try await refusal([
      "in": ["type": "sqlite3", "path": "shop.db", "query": "SELECT nosuch FROM \"order\""]
    ])
    #expect(words == "SQLite, `shop.db`: no such column: nosuch (config)")
    #expect(
      try await refusal(["in": ["type": "sqlite3", "path": "no.db", "table": "x"]])
        .contains("there is no file")
    )
  }

  @Test(
    .enabled(if: PostgreSQLTestServer.isInstalled, "PostgreSQL's server is not installed")
  )
  func `reads tables and queries of PostgreSQL, with secrets`() async throws {
    let database = try await TestPostgreSQL()
    try await database.execute(
      """
      CREATE SCHEMA s;
      CREATE TABLE s."Items" (id int, price numeric(8,2), ok boolean, note text, at timestamptz, j jsonb);
      INSERT INTO s."Items" VALUES (1, 1.25, true, 'a,"b"', '2024-05-02 03:04:05+09', '{"k": 1}'),
        (2, NULL, false, '', NULL, NULL);
      """
    )
    var input: ObjectValue = [
      "type": "postgresql", "host": .string(database.server.host),
      "port": "${secret:postgresql.port}", "user": "tester",
      "password": "${secret:postgresql.password}", "schema": "s",
      "database": .string(database.server.database), "table": "Items", "select": "*",
      "order_by": "id",
    ]
    let secrets = [
      "postgresql.port": String(database.server.port), "postgresql.password": "the password",
    ]
    try await load(["in": .object(input)], secrets: secrets)
    #expect(
      try await fixture.rows("SELECT * FROM t ORDER BY id") == [
        [1, 1.25, true, "a,\"b\"", "2024-05-01 18:04:05.000", "{\"k\": 1}"],
        [2, nil, false, "", nil, nil],
      ]
    )
    input["table"] = nil
    input["select"] = nil
    input["order_by"] = nil
    input["query"] = "select * from `source_table` limit 10;"
    let config: ObjectValue = ["config": ["in": .object(input)], "table": "t"]
    let words = await fixture.task.failure(
      try #require(fixture.operators["td_load"]),
      config,
      exports: TestWarehouse.defaults,
      secrets: secrets
    )
    #expect(words.contains("PostgreSQL: syntax error"), "\(words)")
    var wrong = secrets
    wrong["postgresql.port"] = "s3cretport"
    let hidden = await fixture.task.failure(
      try #require(fixture.operators["td_load"]),
      config,
      exports: TestWarehouse.defaults,
      secrets: wrong
    )
    #expect(!hidden.contains("s3cretport"), "\(hidden)")
  }

  @Test func `loads a session of the project by its name`() async throws {
    try folder.write("id\n1\n", to: "a.csv")
    try folder.write(
      "in: {type: file, path_prefix: a.csv}\nout: {table: own}\n",
      to: "load/daily.yml"
    )
    try await fixture.run("td_load", ["_command": "daily"])
    try await fixture.run("td_load", ["name": "daily"])
    #expect(try await fixture.rows("SELECT count(*) FROM own") == [[2]])
    #expect(
      try await fixture.failure("td_load", ["_command": "your_unique_id", "table": "t"])
        == "there is no transfer session `your_unique_id`: sessions kept by the service cannot be reached from here; "
        + "write its configuration to `load/your_unique_id.yml` (config)"
    )
  }

  @Test func `refuses what it cannot load, and says what to do`() async throws {
    #expect(
      try await fixture.failure("td_load", ["table": "t"]).hasPrefix("No parameter is set")
    )
    #expect(
      try await fixture.failure("td_load", ["_command": "a.yml", "name": "b"])
        == "Only the command or one of the config and name params may be set (config)"
    )
    #expect(
      try await fixture.failure("td_load", ["_command": "a.yml"]).contains("File not found: a.yml")
    )
    let bigQuery = try await refusal(["in": ["type": "bigquery"]])
    #expect(bigQuery.contains("the input `bigquery` needs a service"))
    #expect(bigQuery.contains("write the rows to CSV or Parquet"))
    let sftp = try await refusal(["in": ["type": "sftp", "host": "x"]])
    #expect(sftp.contains("fetch the files with `sh>` or `py>`"))
    #expect(
      try await refusal(["in": ["type": "postgres_ql"]]).contains("did you mean `postgresql`?")
    )
    #expect(try await refusal(["in": ["type": "file"]]).contains("'path_prefix' is required"))
    #expect(
      try await refusal(["in": ["type": "file", "path_prefix": "nosuch"]])
        .hasPrefix("no file begins with `nosuch`")
    )
    #expect(
      try await refusal(["in": ["type": "s3", "access_key_id": "${secret:s3.key}"]])
        == "Secret not found for key: 's3.key' (config)"
    )
    try folder.write("a\n1\n", to: "a.csv")
    let input: Value = ["type": "file", "path_prefix": "a.csv"]
    #expect(
      try await refusal(["in": input, "filters": [["type": "row"]]])
        .hasPrefix("the filter `row` is not known here")
    )
    #expect(
      try await refusal(["in": input, "filters": [["type": "rename", "columns": ["zebra": "c"]]]])
        == "a filter names the column `zebra`, which is not there; there are `a` (config)"
    )
    #expect(
      try await refusal(["in": input, "out": ["mode": "merge"]])
        == "`out.mode` must be `append` or `replace`, found `merge` (config)"
    )
    #expect(
      try await refusal([
        "in": ["type": "file", "path_prefix": "a.csv", "parser": ["type": "avro"]]
      ]).contains("`parser` cannot read `avro`")
    )
    #expect(
      try await fixture.failure("td_load", ["config": ["in": input]])
        == "Parameter 'table' is required but not set (config)"
    )
  }

  // The inputs of the public Treasure Boxes that need a service.
  @Test(arguments: [
    "amplitude", "azure_blob_storage", "bigquery", "facebook_leads", "ftp", "gcs",
    "google_analytics", "google_drive", "google_sheets", "instagram_insight", "marketo", "mixpanel",
    "mysql", "netsuite", "onedrive", "redshift", "sfdc", "sfdc_v2", "sfmc", "sftp", "sftp_v2",
    "shopify", "sqlserver", "zendesk",
  ])
  func `names a service that is not to be had, and what stands in`(type: String) async throws {
    let words = try await refusal(["in": ["type": .string(type)]])
    #expect(words.contains("the input `\(type)` needs a service"), "\(words)")
    #expect(words.contains("`type: file`") && !words.contains("did you mean"), "\(words)")
  }

  @Test func `warns of keys that nothing reads`() async throws {
    try folder.write("a\n1\n", to: "a.csv")
    try await load([
      "in": ["type": "file", "path_prefix": "a.csv", "parser": ["type": "csv", "delimeter": ","]]
    ])
    #expect(fixture.task.log.contains("'delimeter' is not used"))
  }
}
