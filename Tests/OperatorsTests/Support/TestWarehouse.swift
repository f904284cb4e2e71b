import Foundation
import SQLWarehouse
import Synchronization
import TestKit
import Values
import WorkflowEngine

@testable import Operators

/// A real warehouse with the database `db`, and the operators that work on it.
struct TestWarehouse {
  let task: TestTask
  let warehouse: DuckDBWarehouse
  let operators: [String: any Operator]

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  init(isolation: TaskIsolation = .open) async throws {
    task = try TestTask(isolation: isolation)
    var settings = WarehouseSettings(
      databaseFile: task.folder.path + "/warehouse.duckdb",
      libraryFolder: Self.root.appending(path: ".deps/lib").path,
      translator: [
        Self.root.appending(path: ".deps/runtime/sql/bin/python").path,
        Self.root.appending(path: "python/sql").path,
      ],
      cacheFolder: FileManager.default.temporaryDirectory.appending(path: "tadoru-test-sql").path
    )
    settings.threads = 2
    settings.memoryLimitInBytes = 512 << 20
    if isolation.files.isConfined { settings.fileFolders = [task.folder.path] }
    warehouse = DuckDBWarehouse(settings: settings)
    let next = Self.counter()
    let folder = task.folder.path
    let services = ResultServices(
      connections: [
        "mine": ["type": "file", "folder": "mine"], "table": ["type": "td"],
      ],
      configurationFile: "config.yml",
      jobsFolder: folder + "/jobs"
    )
    let targets = ResultTargets(
      warehouse: warehouse,
      services: services,
      surroundings: OperatorSurroundings(
        environment: [:],
        temporaryDirectory: folder,
        clock: { Date() },
        newID: { UUID().uuidString.lowercased() },
        nextJobID: next
      )
    )
    operators = [
      "td": SQLOperator(targets: targets, nextJobID: next),
      "td_ddl": SQLSchemaOperator(warehouse: warehouse),
      "td_load": LoadOperator(
        warehouse: warehouse,
        surroundings: OperatorSurroundings(
          environment: ["PATH": "/usr/bin:/bin"],
          temporaryDirectory: task.folder.path,
          clock: { Date(timeIntervalSince1970: 1_714_608_123) },
          newID: { "id" },
          nextJobID: next
        )
      ),
      "td_for_each": SQLForEachOperator(
        warehouse: warehouse,
        jobs: services.jobs,
        nextJobID: next
      ),
      "td_result_export": ResultExportOperator(targets: targets, nextJobID: next),
      "td_run": RunSavedQueryOperator(targets: targets, nextJobID: next),
      "td_table_export": TableExportOperator(targets: targets, nextJobID: next),
    ]
    try await warehouse.apply(.createDatabase("db"))
  }

  private static func counter() -> @Sendable () -> Int64 {
    let count = Mutex(Int64(0))
    return {
      count.withLock {
        $0 += 1
        return $0
      }
    }
  }

  /// Runs a task of a type with `td.database` exported as `db`.
  @discardableResult
  func run(
    _ type: String,
    _ local: ObjectValue,
    exports: ObjectValue = [:],
    secrets: [String: String] = [:]
  ) async throws -> TaskResult {
    try await task.run(
      worker(type),
      local,
      exports: Self.defaults.merging(exports),
      secrets: secrets
    )
  }

  func failure(
    _ type: String,
    _ local: ObjectValue,
    exports: ObjectValue = defaults
  ) async throws -> String {
    await task.failure(try worker(type), local, exports: exports)
  }

  func rows(_ query: String) async throws -> [[Value]] {
    try await warehouse.run(
      SQLStatement(text: query, dialect: .presto, database: "db"),
      rowLimit: 100
    ).rows
  }

  static let defaults: ObjectValue = ["td": ["database": "db"]]

  private func worker(_ type: String) throws -> any Operator {
    guard let worker = operators[type] else { throw TaskFailure(.config, "no operator \(type)") }
    return worker
  }
}
