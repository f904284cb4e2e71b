import Foundation
import SQLWarehouse
import TestKit
import Values

/// A warehouse in a folder of its own, with the libraries and the translator of this checkout.
struct WarehouseFixture {
  let folder: TemporaryFolder
  let warehouse: DuckDBWarehouse

  init(_ change: (inout WarehouseSettings) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    var settings = Self.settings(folder)
    change(&settings)
    warehouse = DuckDBWarehouse(settings: settings)
  }

  /// One with an empty database `db`.
  static func withDatabase() async throws -> WarehouseFixture {
    let fixture = try WarehouseFixture()
    try await fixture.warehouse.apply(.createDatabase("db"))
    return fixture
  }

  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  static var translator: [String] {
    [
      root.appending(path: ".deps/runtime/sql/bin/python").path,
      root.appending(path: "python/sql").path,
    ]
  }

  static func settings(_ folder: TemporaryFolder) -> WarehouseSettings { settings(at: folder.path) }

  static func settings(at path: String) -> WarehouseSettings {
    var settings = WarehouseSettings(
      databaseFile: path + "/warehouse.duckdb",
      libraryFolder: root.appending(path: ".deps/lib").path,
      translator: translator,
      cacheFolder: sharedCache
    )
    settings.threads = 2
    settings.memoryLimitInBytes = 512 << 20
    settings.lockWait = .seconds(20)
    return settings
  }

  /// One cache for all suites: most statements are translated once for many runs of the tests.
  static let sharedCache = FileManager.default.temporaryDirectory.appending(path: "tadoru-test-sql")
    .path

  func presto(
    _ text: String,
    database: String? = "db",
    limit: Int = 1000
  ) async throws -> QueryResult {
    try await warehouse.run(statement(text, .presto, database), rowLimit: limit)
  }

  func hive(_ text: String, database: String? = "db", limit: Int = 1000) async throws -> QueryResult
  {
    try await warehouse.run(statement(text, .hive, database), rowLimit: limit)
  }

  func statement(_ text: String, _ dialect: SQLDialect, _ database: String? = "db") -> SQLStatement
  {
    // 2023-05-18 07:00:00 UTC
    SQLStatement(
      text: text,
      dialect: dialect,
      database: database,
      session: QuerySession(scheduledTime: 1_684_393_200)
    )
  }

  /// The error of work that must fail.
  func failure(_ work: () async throws -> Void) async -> WarehouseError? {
    do {
      try await work()
      return nil
    } catch {
      return error as? WarehouseError
    }
  }
}

extension TableName {
  static func db(_ table: String) -> TableName { TableName(database: "db", table: table) }
}
