import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

@Suite struct LimitTests {
  @Test func `interrupts the statement of a cancelled task and works on`() async throws {
    let fixture = try WarehouseFixture()
    let endless = """
      SELECT sum(a.x * b.x) FROM UNNEST(sequence(1, 1000000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 1000000)) AS b(x)
      """
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup { group in
        group.addTask { _ = try await fixture.presto(endless) }
        group.addTask {
          // the other task is inside the engine when a statement of its own has been answered there
          _ = try await fixture.presto("SELECT 1")
          throw CancellationError()
        }
        // the first error ends the group and so cancels the other task
        while try await group.next() != nil {}
      }
    }
    #expect(try await fixture.presto("SELECT 1").rows == [[1]])
  }

  @Test func `sorts more than the memory it may use`() async throws {
    let fixture = try WarehouseFixture { $0.memoryLimitInBytes = 60 << 20 }
    try await fixture.warehouse.apply(.createDatabase("db"))
    let rows =
      "SELECT x * 7919 % 1000003 AS k, cast(x as varchar) || ' some text of some length' AS v FROM UNNEST(sequence(1, 1000000)) AS t(x)"
    let result = try await fixture.warehouse.createTable(
      .db("large"),
      as: fixture.statement("SELECT * FROM (\(rows)) ORDER BY v", .presto)
    )
    #expect(result.rowCount == 1_000_000)
  }

  @Test func `says when memory does not suffice`() async throws {
    let fixture = try WarehouseFixture { $0.memoryLimitInBytes = 40 << 20 }
    let error = await fixture.failure {
      _ = try await fixture.presto(
        "SELECT cardinality(array_agg(x)) FROM UNNEST(sequence(1, 20000000)) AS t(x)"
      )
    }
    #expect(error?.code == .outOfMemory)
  }

  @Test func `answers from the cache without a translator`() async throws {
    let fixture = try WarehouseFixture()
    var settings = fixture.warehouse.settings
    settings.cacheFolder = fixture.folder.path + "/cache"
    #expect(
      try await DuckDBWarehouse(settings: settings).run(
        fixture.statement("SELECT 5 / 2", .presto),
        rowLimit: 1
      ).rows == [[2]]
    )
    let again = DuckDBWarehouse(settings: settings)
    let broken = try FileManager.default.contentsOfDirectory(atPath: settings.cacheFolder)
    #expect(broken.count == 1)
    #expect(
      try await again.run(fixture.statement("SELECT 5 / 2", .presto), rowLimit: 1).rows == [[2]]
    )
    try "damaged".write(
      toFile: settings.cacheFolder + "/" + broken[0],
      atomically: true,
      encoding: .utf8
    )
    let third = DuckDBWarehouse(settings: settings)
    #expect(
      try await third.run(fixture.statement("SELECT 5 / 2", .presto), rowLimit: 1).rows == [[2]]
    )
  }

  @Test func `translates many statements at once`() async throws {
    let fixture = try WarehouseFixture()
    try await withThrowingTaskGroup { group in
      for number in 0..<20 {
        group.addTask {
          let text = "SELECT \(number) + \(UInt64.random(in: 0..<1 << 40)) * 0"
          let rows = try await fixture.presto(text).rows
          #expect(rows == [[.int(Int64(number))]])
        }
      }
      try await group.waitForAll()
    }
  }
}
