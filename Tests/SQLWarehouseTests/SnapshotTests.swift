import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

/// Copies of a warehouse that is in use.
@Suite struct WarehouseSnapshotTests {
  @Test func `a copy made among writers can be opened and has what was written before`()
    async throws
  {
    let fixture = try await WarehouseFixture.withDatabase()
    let other = DuckDBWarehouse(settings: fixture.warehouse.settings)
    _ = try await fixture.warehouse.insert(
      fixture.statement("SELECT 1 AS n", .presto),
      into: .db("t")
    )
    let copies = (0..<3).map { fixture.folder.path + "/copy-\($0).duckdb" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<10 {
          _ = try await fixture.warehouse.insert(
            fixture.statement("SELECT 1 AS n", .presto),
            into: .db("t")
          )
        }
      }
      // Of the warehouse that writes, and of another one on the same file.
      for (number, copy) in copies.enumerated() {
        group.addTask {
          try await (number == 0 ? fixture.warehouse : other).snapshot(to: copy)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await fixture.presto("SELECT sum(n) FROM t").rows == [[11]])
    for copy in copies {
      var settings = fixture.warehouse.settings
      settings.databaseFile = copy
      let result = try await DuckDBWarehouse(settings: settings)
        .run(fixture.statement("SELECT sum(n) >= 1 FROM t", .presto), rowLimit: 1)
      #expect(result.rows == [[true]])
    }
  }

  @Test func `a copy is never written over a file`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let file = try fixture.folder.write("mine", to: "copy.duckdb")
    let error = await fixture.failure { try await fixture.warehouse.snapshot(to: file) }
    #expect(error?.code == .file)
    #expect(try await fixture.presto("SELECT 1").rows == [[1]])
  }
}
