import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Files that the server itself opens for a task: none outside of the project, however they are named.
@Suite struct FileIsolationTests {
  private static let isolation = TaskIsolation(
    network: .open,
    processes: .open,
    files: .project
  )
  private static let refused = "is outside of the project"

  /// Names for the file `secret.csv` of another folder, seen from the project.
  private static let names = [
    "OUTSIDE/secret.csv", "../OTHER/secret.csv", "a/../../OTHER/secret.csv", "link.csv",
    "folder/secret.csv", "chain.csv", "/proc/self/rootOUTSIDE/secret.csv",
    "/proc/self/cwd/../../../../../../OUTSIDE/secret.csv", "./a/.././link.csv",
    "/dev/fd/../../..OUTSIDE/secret.csv",
  ]

  private let outside: TemporaryFolder
  private let fixture: TestWarehouse

  init() async throws {
    outside = try TemporaryFolder()
    try outside.write("a\ncanary\n", to: "secret.csv")
    fixture = try await TestWarehouse(isolation: Self.isolation)
    let project = fixture.task.folder
    try project.write("a\n1\n", to: "a/own.csv")
    let files = FileManager.default
    for (name, goal) in [
      ("link.csv", outside.path + "/secret.csv"), ("folder", outside.path),
      ("chain.csv", "link.csv"),
      ("nowhere.csv", outside.path + "/new.csv"),
    ] {
      try files.createSymbolicLink(
        atPath: project.path + "/" + name,
        withDestinationPath: goal
      )
    }
  }

  private func name(_ written: String) -> String {
    written.replacing("OUTSIDE", with: outside.path)
      .replacing("OTHER", with: outside.url.lastPathComponent)
  }

  @Test(arguments: names)
  func `td_load> reads files of the project only`(written: String) async throws {
    let words = try await fixture.failure(
      "td_load",
      [
        "config": ["in": ["type": "file", "path_prefix": .string(name(written))]],
        "database": "db", "table": "t",
      ]
    )
    #expect(words.contains(Self.refused) || words.contains("no file begins"), "\(words)")
    #expect(!words.contains("canary"))
  }

  @Test func `td_load> reads what is in the project`() async throws {
    try await fixture.run(
      "td_load",
      ["config": ["in": ["type": "file", "path_prefix": "a/own"]], "table": "t"]
    )
    #expect(try await fixture.rows("SELECT a FROM t") == [[1]])
  }

  @Test(arguments: names)
  func `SQL files, attachments and texts of mails come from the project only`(
    written: String
  ) async throws {
    let file = Value.string(name(written))
    let mail = MailOperator(
      settings: MailSettings(outboxDirectory: fixture.task.folder.path + "/outbox"),
      clock: { Date() },
      newID: { "id" }
    )
    let message: ObjectValue = ["subject": "s", "to": "a@example.com"]
    let tries = [
      try await fixture.failure("td", ["_command": file]),
      await fixture.task.failure(mail, message.merging(["_command": file])),
      await fixture.task.failure(
        mail,
        message.merging([
          "_command": ["data": "x"], "attach_files": [.object(["path": file])],
        ])
      ),
      try await fixture.failure(
        "td_load",
        [
          "config": ["in": ["type": "sqlite3", "path": file, "table": "t"]], "table": "t",
        ]
      ),
    ]
    for words in tries { #expect(words.contains(Self.refused), "\(words)") }
  }

  @Test(arguments: ["OUTSIDE/new.csv", "../OTHER/new.csv", "nowhere.csv", "folder/new.csv"])
  func `results are written into the project only`(written: String) async throws {
    let words = try await fixture.failure(
      "td",
      ["query": "SELECT 1 AS a", "download_file": .string(name(written))]
    )
    let sent = try await fixture.failure(
      "td",
      [
        "query": "SELECT 1 AS a", "result_url": .string("file://" + name(written)),
      ]
    )
    #expect(words.contains(Self.refused) && sent.contains(Self.refused), "\(words) \(sent)")
    #expect(!outside.contains("new.csv"))
  }

  @Test func `results are written into new folders of the project`() async throws {
    for name in ["new/below/rows.csv", "new/rows.parquet"] {
      try await fixture.run(
        "td",
        [
          "query": "SELECT 1 AS a", "result_connection": "mine",
          "result_settings": ["path": .string(name)],
        ]
      )
      #expect(fixture.task.folder.contains("mine/" + name))
    }
  }

  @Test(arguments: ["a\0b", String(repeating: "a/", count: 3000)])
  func `odd paths are refused`(path: String) throws {
    let words = #expect(throws: TaskFailure.self) {
      _ = try WorkflowFile(path, fixture.task.context([:]))
    }
    #expect(words?.message.contains("is no path of a file") == true)
  }

  @Test(
    arguments: [
      "SELECT * FROM read_csv('FILE')", "SELECT * FROM \"FILE\"", "SELECT * FROM 'FILE'",
      "SELECT read_text('FILE')", "SELECT * FROM t, LATERAL read_blob('FILE')",
      "SELECT * FROM t CROSS JOIN LATERAL read_text('FILE')",
      "SELECT * FROM UNNEST(read_text('FILE'))", "SELECT * FROM sniff_csv('FILE')",
      "SELECT * FROM TABLE(glob('/*'))", "SELECT glob('/*')", "COPY t TO 'FILE'", "ATTACH 'FILE'",
      "SELECT * FROM t, LATERAL duckdb_settings()", "SET enable_external_access = true",
    ]
  )
  func `no text of a query reaches a file`(query: String) async throws {
    try await fixture.run("td_ddl", ["create_tables": ["t"]])
    for engine in ["presto", "hive"] {
      let words = try await fixture.failure(
        "td",
        [
          "query": .string(query.replacing("FILE", with: outside.path + "/secret.csv")),
          "engine": .string(engine),
        ]
      )
      #expect(words != "no failure" && !words.contains("canary"), "\(words)")
    }
  }

  // The second wall, behind the translator.
  @Test func `the engine itself opens files of its folders only`() async throws {
    let source = TableSource(.csv(path: outside.path + "/secret.csv", format: CSVFormat()))
    await #expect(throws: WarehouseError.self) {
      _ = try await fixture.warehouse.columns(of: source)
    }
  }
}
