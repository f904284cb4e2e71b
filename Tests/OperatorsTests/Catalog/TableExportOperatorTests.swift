import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct TableExportOperatorTests {
  private static let usual: ObjectValue = [
    "_command": nil, "table": "events", "from": 100, "to": "1970-01-01 00:05:00 +0000",
    "file_format": "jsonl.gz", "folder": "out",
  ]

  private func fixture() async throws -> TestWarehouse {
    let fixture = try await TestWarehouse()
    try await fixture.run(
      "td",
      [
        "_command": [
          "data":
            "SELECT * FROM (VALUES (300, 'd'), (299, 'c'), (100, 'a'), (99, 'z'), (200, 'b\tx')) t(time, w)"
        ], "create_table": "events",
      ]
    )
    return fixture
  }

  @Test(arguments: [
    (
      "jsonl.gz",
      "{\"time\":100,\"w\":\"a\"}\n{\"time\":200,\"w\":\"b\\tx\"}\n{\"time\":299,\"w\":\"c\"}\n"
    ),
    ("tsv.gz", "time\tw\n100\ta\n200\t\"b\tx\"\n299\tc\n"),
  ])
  func `writes the rows of the range to a folder`(format: String, text: String) async throws {
    let fixture = try await fixture()
    let result = try await fixture.run(
      "td_table_export",
      Self.usual.merging(["file_format": .string(format)])
    )
    #expect(result.store[path: ["td", "last_job", "num_records"]] == 3)
    let path = fixture.task.folder.path + "/out/events-100-300.\(format)"
    #expect(try await unpacked(path) == text)
  }

  @Test func `writes to storage below the prefix`() async throws {
    let (fixture, store) = (try await fixture(), try await S3Store())
    for (prefix, format) in [("shop/events", "json.gz"), ("shop/", "line-json.gz"), ("", "tsv.gz")]
    {
      try await fixture.run(
        "td_table_export",
        [
          "_command": nil, "table": "db.events", "from": 100, "to": 300,
          "file_format": .string(format), "s3_bucket": "lake", "s3_path_prefix": .string(prefix),
          "endpoint": .string(store.server.endpoint),
        ],
        secrets: AWSSecrets.ofTask
      )
    }
    #expect(
      try await store.client.list(bucket: "lake", prefix: "").map(\.key) == [
        "events-100-300.tsv.gz", "shop/events-100-300.jsonl.gz",
        "shop/events/events-100-300.jsonl.gz",
      ]
    )
    let path = fixture.task.folder.path + "/back.gz"
    try await store.client.download(
      S3Object(bucket: "lake", key: "shop/events-100-300.jsonl.gz"),
      to: path
    )
    #expect(try await unpacked(path).hasPrefix("{\"time\":100,"))
  }

  @Test(
    arguments: [
      (["file_format": "csv"], "`file_format` must be tsv.gz, jsonl.gz, json.gz or line-json.gz"),
      (["folder": nil], "Parameter 's3_bucket' is required but not set; or set `folder`"),
      (["s3_bucket": "b"], "Setting both s3_bucket and folder is invalid"),
      (["from": 300], "`from` must be before `to`"),
      (["from": nil], "Parameter 'from' is required"),
      (["table": "nope"], "table db.nope does not exist"),
      (["table": nil], "Parameter 'table' is required"),
      (["folder": nil, "s3_bucket": "b"], "Secret not found for key: 'aws.s3.access_key_id'"),
    ] as [(ObjectValue, String)]
  )
  func `refuses what it cannot export`(keys: ObjectValue, words: String) async throws {
    let fixture = try await fixture()
    let found = try await fixture.failure("td_table_export", Self.usual.merging(keys))
    #expect(found.hasPrefix(words))
  }

  private func unpacked(_ path: String) async throws -> String {
    let outcome = try await TadoruProcess.run(
      [
        "-c", "import gzip,sys;sys.stdout.write(gzip.open(sys.argv[1],'rt',newline='').read())",
        path,
      ],
      in: FileManager.default.temporaryDirectory.path,
      executable: TestPython.path
    )
    return outcome.output
  }
}
