import Foundation
import Notebooks
import SQLWarehouse
import Storage
import TestKit
import Testing
import Tracking
import Values
import WorkflowEngine

@testable import Operators

@Suite struct OperatorCatalogTests {
  private static let root = TestWarehouse.root

  private func catalog() async throws -> OperatorCatalog {
    let fixture = try await TestWarehouse()
    let folder = fixture.task.folder.path
    let services = NotebookServices(
      runtime: PythonRuntime(root: folder),
      catalog: NotebookCatalog(folder: folder),
      warehouse: fixture.warehouse,
      account: TrackingAccount(userName: "ann", email: nil) {
        try TrackingStore(
          database: SQLDatabase(path: folder + "/tadoru.db", durability: .process),
          artifacts: ArtifactStore(root: folder),
          clock: { UnixTime(milliseconds: 0) },
          ids: { UUID() }
        )
      }
    )
    return OperatorCatalog(
      warehouse: fixture.warehouse,
      notebooks: services,
      mail: MailSettings(),
      python: PythonSettings(runner: folder, interpreters: [], environmentsDirectory: folder),
      rubyRunner: folder,
      kept: KeptParameters(now: { 0 }, database: { try SQLDatabase.inMemory() }),
      notifications: .log,
      required: RequiredAttempts(
        find: { _ in nil },
        start: { _, _ in throw TaskFailure(.config, "no other workflows") },
        standing: { _, _ in throw TaskFailure(.config, "no other workflows") }
      ),
      results: ResultServices(connections: [:], configurationFile: "c", jobsFolder: folder),
      surroundings: OperatorSurroundings(
        environment: [:],
        temporaryDirectory: folder,
        clock: { Date(timeIntervalSince1970: 0) },
        newID: { "id" },
        nextJobID: { 1 }
      )
    )
  }

  /// The types that end in `Operator` in the room's files.
  private func writtenOperators() throws -> Set<String> {
    let folder = Self.root.appending(path: "Sources/Operators")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    let names = files.compactMap { $0 as? String }.map { URL(filePath: $0).lastPathComponent }
    return Set(names.filter { $0.hasSuffix("Operator.swift") }.map { String($0.dropLast(6)) })
  }

  @Test func `names every operator that is written`() async throws {
    let named = Set(try await catalog().operators.values.map { "\(type(of: $0))" })
    #expect(named == (try writtenOperators()))
  }

  @Test func `every operator has its page`() async throws {
    let pages = Self.root.appending(path: "docs/operators")
    for (name, worker) in try await catalog().operators {
      let name = worker is ForeignCloudOperator ? "foreign_clouds" : name
      let page = pages.appending(path: "\(name).md").path
      #expect(FileManager.default.fileExists(atPath: page), "docs/operators/\(name).md is missing")
    }
  }

  @Test func `has the operators of the language that this version promises`() async throws {
    #expect(
      try await catalog().operators.keys.sorted() == [
        "bq", "bq_ddl", "bq_extract", "bq_load", "call", "echo", "embulk", "emr", "fail",
        "for_each", "for_range", "gcs_wait", "http", "http_call", "if", "ipynb", "loop", "mail",
        "ml_predict", "ml_train", "nop", "notify", "param_get", "param_set", "pg", "py", "rb",
        "redshift",
        "redshift_load", "redshift_unload", "require", "s3_wait", "sh", "store", "td", "td_ddl",
        "td_for_each", "td_load", "td_partial_delete", "td_result_export", "td_run",
        "td_table_export",
        "td_wait", "td_wait_table", "wait",
      ]
    )
  }

  @Test(
    arguments: [
      ("sh", [:], true), ("py", [:], true), ("rb", [:], true), ("ipynb", [:], true),
      ("td", [:], false), ("td", ["download_file": "a.csv"], true),
      ("td", ["td": ["download_file": "a.csv"]], true), ("td", ["download_file": .null], false),
      ("td_run", ["download_file": "a.csv"], true), ("pg", ["download_file": "a.csv"], true),
      ("pg", [:], false), ("echo", ["download_file": "a.csv"], false), ("ml_train", [:], false),
    ] as [(String, ObjectValue, Bool)]
  )
  func `operators say which tasks may write files`(
    type: String,
    parameters: ObjectValue,
    writes: Bool
  ) async throws {
    let worker = try #require(try await catalog().operators[type])
    #expect(worker.writesFiles(parameters) == writes)
  }

  @Test func `what is recorded belongs to the owner of the attempt, where it has one`() throws {
    let folder = try TemporaryFolder()
    let store = try TrackingStore(
      database: SQLDatabase.inMemory(),
      artifacts: ArtifactStore(root: folder.path),
      clock: { UnixTime(milliseconds: 0) },
      ids: { UUID() }
    )
    let account = TrackingAccount(userName: "ann", email: "ann@example.com") { store }
    var attempt = AttemptIdentity(
      projectID: 1,
      projectName: "p",
      workflowName: "w",
      sessionID: 1,
      attemptID: 1,
      sessionTime: "1970-01-01T00:00:00+00:00",
      sessionUnixTime: 0,
      timezone: "UTC"
    )
    let usual = try account.user(in: store, for: attempt)
    #expect(usual.email == "ann@example.com")
    attempt.owner = AttemptOwner(name: "bob", email: "bob@example.com")
    let owner = try account.user(in: store, for: attempt)
    #expect(owner.email == "bob@example.com")
    #expect(owner.id != usual.id)
  }
}
