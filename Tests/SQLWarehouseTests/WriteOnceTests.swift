import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

/// Writes with keys.
@Suite struct WriteOnceTests {
  private let fixture: WarehouseFixture

  init() async throws { fixture = try await WarehouseFixture.withDatabase() }

  private var warehouse: DuckDBWarehouse { fixture.warehouse }

  private func statement(_ text: String, _ key: String, job: Int64 = 1) -> SQLStatement {
    var statement = fixture.statement(text, .presto)
    statement.once = WriteKey(key, job: job)
    return statement
  }

  private func rows(_ query: String) async throws -> [[Value]] {
    try await fixture.presto(query).rows
  }

  @Test func `inserts once for one key, and says which job did it and how many rows`() async throws
  {
    let query = "SELECT n FROM UNNEST(ARRAY[1, 2, 3]) AS t (n)"
    let first = try await warehouse.insert(statement(query, "a", job: 7), into: .db("t"))
    #expect(first.earlier == nil && first.rowCount == 3)
    let again = try await warehouse.insert(statement(query, "a", job: 8), into: .db("t"))
    #expect(again.earlier == WriteRecord(job: 7, rowCount: 3) && again.rowCount == 3)
    let other = try await warehouse.insert(statement(query, "b", job: 9), into: .db("t"))
    #expect(other.earlier == nil)
    #expect(try await rows("SELECT count(*), sum(n) FROM t") == [[6, 12]])
    #expect(
      try await warehouse.written(WriteKey("a", job: 0)) == WriteRecord(job: 7, rowCount: 3)
    )
    #expect(try await warehouse.written(WriteKey("c", job: 0)) == nil)
  }

  @Test func `writes without a key happen each time`() async throws {
    for _ in 1...2 {
      _ = try await warehouse.insert(fixture.statement("SELECT 1 AS n", .presto), into: .db("t"))
    }
    #expect(try await rows("SELECT count(*) FROM t") == [[2]])
  }

  @Test(arguments: [
    "INSERT INTO t SELECT 5", "INSERT INTO t (n) VALUES (5)",
    "INSERT INTO t VALUES (2); INSERT INTO t VALUES (3)",
    "CREATE TABLE IF NOT EXISTS u (n bigint); INSERT INTO t SELECT 5; DROP TABLE u",
    "DELETE FROM t WHERE n = 1; INSERT INTO t SELECT 6",
  ])
  func `a text written by hand runs once`(text: String) async throws {
    _ = try await fixture.presto("CREATE TABLE t AS SELECT 1 AS n")
    for _ in 1...3 { _ = try await warehouse.run(statement(text, "key"), rowLimit: 10) }
    #expect(try await rows("SELECT sum(n) FROM t") == [[6]])
  }

  @Test func `a query at the end of a text runs again, what it follows does not`() async throws {
    _ = try await fixture.presto("CREATE TABLE t AS SELECT 1 AS n")
    let text = "INSERT INTO t SELECT 2; SELECT sum(n) AS s FROM t"
    for job in 1...2 {
      let result = try await warehouse.run(
        statement(text, "key", job: Int64(job)),
        rowLimit: 10
      )
      #expect(result.rows == [[3]])
      #expect((result.earlier?.job == 1) == (job == 2))
    }
  }

  @Test func `a key means nothing to a query`() async throws {
    for _ in 1...2 {
      let result = try await warehouse.run(statement("SELECT 1 AS n", "key"), rowLimit: 10)
      #expect(result.earlier == nil && result.rows == [[1]])
    }
    #expect(try await warehouse.written(WriteKey("key", job: 0)) == nil)
  }

  @Test func `a created table is not made again, so what came into it since stays`() async throws {
    for number in 1...2 {
      let made = try await warehouse.createTable(
        .db("t"),
        as: statement("SELECT \(number) AS n", "key")
      )
      #expect((made.earlier == nil) == (number == 1) && made.rowCount == 1)
    }
    #expect(try await rows("SELECT n FROM t") == [[1]])
  }

  @Test(arguments: [ImportMode.append, .overwrite])
  func `a load happens once, also when its file has gone on`(mode: ImportMode) async throws {
    let file = try fixture.folder.write("n\n1\n2\n", to: "a.csv")
    let source = TableSource(files: [file], format: .csv(CSVFormat()))
    let key = WriteKey("load", job: 4)
    let first = try await warehouse.load(source, into: .db("t"), mode: mode, once: key)
    #expect(first.rowCount == 2 && first.earlier == nil)
    try fixture.folder.write("n\n9\n", to: "a.csv")
    let again = try await warehouse.load(source, into: .db("t"), mode: mode, once: key)
    #expect(again.earlier == WriteRecord(job: 4, rowCount: 2))
    #expect(try await rows("SELECT sum(n), count(*) FROM t") == [[3, 2]])
  }

  @Test func `a failure leaves no key behind`() async throws {
    _ = try await fixture.presto("CREATE TABLE t AS SELECT 1 AS n")
    let bad = "INSERT INTO t SELECT 2; INSERT INTO t SELECT CAST('x' AS bigint)"
    #expect(
      await fixture.failure { _ = try await warehouse.run(statement(bad, "a"), rowLimit: 1) } != nil
    )
    #expect(
      await fixture.failure {
        _ = try await warehouse.insert(
          statement("SELECT CAST('x' AS bigint) AS n", "a"),
          into: .db("t")
        )
      } != nil
    )
    #expect(try await warehouse.written(WriteKey("a", job: 0)) == nil)
    _ = try await warehouse.insert(statement("SELECT 2 AS n", "a"), into: .db("t"))
    #expect(try await rows("SELECT sum(n) FROM t") == [[3]])
    let file = try fixture.folder.write("n\n1\n\"\n", to: "bad.csv")
    let source = TableSource(files: [file], format: .csv(CSVFormat()))
    let key = WriteKey("load", job: 1)
    #expect(
      await fixture.failure {
        _ = try await warehouse.load(source, into: .db("u"), mode: .append, once: key)
      } != nil
    )
    try fixture.folder.write("n\n1\n", to: "bad.csv")
    #expect(
      try await warehouse.load(source, into: .db("u"), mode: .append, once: key).earlier == nil
    )
  }

  @Test func `changes of the schema happen together and once`() async throws {
    _ = try await fixture.presto("CREATE TABLE a AS SELECT 1 AS n")
    let changes: [SchemaChange] = [
      .dropDatabase("old"), .createDatabase("new"), .emptyDatabase("empty"),
      .dropTable(.db("b")), .createTable(.db("c")), .emptyTable(.db("d")),
      .createTable(TableName(database: "empty", table: "e")),
      .renameTable(.db("a"), to: "b"), .renameTable(.db("d"), to: "f"),
    ]
    let key = WriteKey("ddl", job: 0)
    #expect(try await warehouse.apply(changes, once: key) == nil)
    #expect(try await warehouse.apply(changes, once: key) == WriteRecord(job: 0, rowCount: 0))
    #expect(try await warehouse.databases() == ["db", "empty", "new"])
    #expect(try await warehouse.tables(in: "db") == ["b", "c", "f"])
    #expect(try await rows("SELECT n FROM b") == [[1]])
    let failing: [SchemaChange] = [.dropTable(.db("b")), .renameTable(.db("gone"), to: "x")]
    #expect(await fixture.failure { _ = try await warehouse.apply(failing, once: nil) } != nil)
    #expect(try await rows("SELECT n FROM b") == [[1]])
  }

  @Test func `nobody sees the keys`() async throws {
    _ = try await warehouse.insert(statement("SELECT 1 AS n", "a"), into: .db("t"))
    #expect(try await warehouse.databases() == ["db"])
    for text in [
      "SELECT * FROM main.\"tadoru writes\"", "DELETE FROM main.\"tadoru writes\"",
      "DROP TABLE main.\"tadoru writes\"", "INSERT INTO main.\"tadoru writes\" SELECT 1",
      "CREATE TABLE x AS SELECT * FROM MAIN.\"tadoru writes\"", "DROP SCHEMA main",
      "SELECT table_name FROM information_schema.tables",
    ] {
      let error = await fixture.failure { _ = try await fixture.presto(text) }
      #expect(error?.code == .unknownDatabase, "\(text): \(String(describing: error))")
    }
    #expect(try await warehouse.written(WriteKey("a", job: 0)) != nil)
  }

  @Test func `old keys are forgotten`() async throws {
    _ = try await warehouse.insert(statement("SELECT 1 AS n", "a"), into: .db("t"))
    var settings = warehouse.settings
    settings.keyRetention = .zero
    let forgetful = DuckDBWarehouse(settings: settings)
    #expect(try await forgetful.written(WriteKey("a", job: 0)) != nil)
    _ = try await forgetful.insert(fixture.statement("SELECT 1 AS n", .presto), into: .db("t"))
    #expect(try await forgetful.written(WriteKey("a", job: 0)) == nil)
    _ = try await warehouse.insert(statement("SELECT 1 AS n", "b"), into: .db("t"))
    #expect(try await warehouse.written(WriteKey("b", job: 0)) != nil)
  }
}

/// Writes with keys, by several at once and by processes that are killed.
@Suite struct WriteOnceConcurrencyTests {
  /// Inserts numbers into `db.t`, each under its own key; gives how many were there already.
  private static func insert(_ numbers: [Int], at path: String) async throws -> Int {
    let warehouse = DuckDBWarehouse(settings: WarehouseFixture.settings(at: path))
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in numbers {
        group.addTask {
          var statement = SQLStatement(
            text: "SELECT \(number) AS n",
            dialect: .presto,
            database: "db"
          )
          statement.once = WriteKey("number \(number)", job: Int64(number))
          let result = try await warehouse.insert(
            statement,
            into: TableName(database: "db", table: "t")
          )
          return result.earlier != nil
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
  }

  @Test func `of several processes that write under one key, one does`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let path = fixture.folder.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await #expect(processExitsWith: .success) { [path = path as String] in
          _ = try await Self.insert(Array(0..<12), at: path)
        }
      }
      for _ in 0..<2 {
        group.addTask { _ = try await Self.insert(Array((0..<12).reversed()), at: path) }
      }
      try await group.waitForAll()
    }
    #expect(try await Self.insert(Array(0..<12), at: path) == 12)
    #expect(try await fixture.presto("SELECT count(*), sum(n) FROM t").rows == [[12, 66]])
  }

  @Test func `a process killed behind its commit has written; the same write does nothing more`()
    async throws
  {
    let fixture = try await WarehouseFixture.withDatabase()
    let path = fixture.folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      _ = try await Self.insert([7], at: path)
      kill(getpid(), SIGKILL)
    }
    #expect(try await Self.insert([7], at: path) == 1)
    #expect(try await fixture.presto("SELECT n FROM t").rows == [[7]])
  }
}
