import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

/// One database file, several processes.
@Suite struct OwnershipTests {
  private func fixture(wait: Duration) throws -> WarehouseFixture {
    try WarehouseFixture { $0.lockWait = wait }
  }

  @Test func `gives the database to another warehouse as soon as that one asks`() async throws {
    let first = try WarehouseFixture { $0.idleTime = .seconds(600) }
    try await first.warehouse.apply(.createDatabase("db"))
    let second = DuckDBWarehouse(settings: first.warehouse.settings)
    try await withThrowingTaskGroup { group in
      for warehouse in [first.warehouse, second] {
        group.addTask {
          for _ in 0..<10 {
            _ = try await warehouse.insert(
              first.statement("SELECT 1 AS n", .presto),
              into: .db("t")
            )
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await first.presto("SELECT sum(n) FROM t").rows == [[20]])
  }

  @Test func `lets go of the database when it is idle`() async throws {
    let first = try WarehouseFixture { $0.idleTime = .milliseconds(20) }
    try await first.warehouse.apply(.createDatabase("db"))
    let second = DuckDBWarehouse(settings: first.warehouse.settings)
    #expect(try await second.databases() == ["db"])
  }

  @Test func `shares the database with another process that writes at the same time`() async throws
  {
    let fixture = try await WarehouseFixture.withDatabase()
    let path = fixture.folder.path
    try await withThrowingTaskGroup { group in
      group.addTask {
        await #expect(processExitsWith: .success) { [path = path as String] in
          var settings = WarehouseFixture.settings(at: path)
          settings.owner = "another one"
          let warehouse = DuckDBWarehouse(settings: settings)
          for _ in 0..<10 {
            let statement = SQLStatement(text: "SELECT 100 AS n", dialect: .presto, database: "db")
            _ = try await warehouse.insert(statement, into: TableName(database: "db", table: "t"))
          }
        }
      }
      for _ in 0..<10 {
        let statement = fixture.statement("SELECT 1 AS n", .presto)
        _ = try await fixture.warehouse.insert(statement, into: .db("t"))
      }
      try await group.waitForAll()
    }
    #expect(try await fixture.presto("SELECT sum(n), count(*) FROM t").rows == [[1010, 20]])
  }

  @Test func `names the process that keeps the database, and works on when that is killed`()
    async throws
  {
    let fixture = try fixture(wait: .milliseconds(200))
    let script = """
      import fcntl, sys
      held = [open(sys.argv[1] + end, "a+") for end in (".queue", ".lock")]
      fcntl.flock(held[1], fcntl.LOCK_EX)
      held[1].write("4711 tadoru run train.dig")
      held[1].flush()
      print("held", flush=True)
      sys.stdin.read()
      """
    let holder = Process()
    holder.executableURL = URL(filePath: WarehouseFixture.translator[0])
    holder.arguments = ["-c", script, fixture.warehouse.settings.databaseFile]
    let output = Pipe()
    holder.standardOutput = output
    holder.standardInput = Pipe()
    try holder.run()
    #expect(try output.fileHandleForReading.read(upToCount: 4) == Data("held".utf8))
    let error = await fixture.failure { _ = try await fixture.presto("SELECT 1") }
    #expect(error?.code == .locked)
    #expect(
      error?.message.contains("process 4711 (`tadoru run train.dig`)") == true,
      "\(String(describing: error))"
    )
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    #expect(try await fixture.presto("SELECT 1").rows == [[1]])
  }

  @Test func `keeps what was written when its process is killed`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let path = fixture.folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let warehouse = DuckDBWarehouse(settings: WarehouseFixture.settings(at: path))
      let statement = SQLStatement(text: "SELECT 7 AS n", dialect: .presto, database: "db")
      _ = try await warehouse.insert(statement, into: TableName(database: "db", table: "t"))
      kill(getpid(), SIGKILL)
    }
    #expect(try await fixture.presto("SELECT n FROM t").rows == [[7]])
  }

  @Test func `runs queries beside a writing statement and waits with another one`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    try await withThrowingTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          let statement = fixture.statement("SELECT \(number) AS n", .presto)
          _ = try await fixture.warehouse.createTable(.db("shared"), as: statement)
        }
        group.addTask {
          let count = try await fixture.presto("SELECT \(number)").rowCount
          #expect(count == 1)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await fixture.presto("SELECT count(*) FROM shared").rows == [[1]])
  }
}
