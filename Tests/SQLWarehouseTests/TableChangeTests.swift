import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

@Suite struct TableChangeTests {
  @Test func `creates, drops and empties databases`() async throws {
    let warehouse = try WarehouseFixture().warehouse
    try await warehouse.apply(.createDatabase("b"))
    try await warehouse.apply(.createDatabase("a"))
    try await warehouse.apply(.createDatabase("a"))
    #expect(try await warehouse.databases() == ["a", "b"])
    try await warehouse.apply(.createTable(TableName(database: "a", table: "t")))
    try await warehouse.apply(.emptyDatabase("a"))
    #expect(try await warehouse.tables(in: "a") == [])
    try await warehouse.apply(.dropDatabase("a"))
    try await warehouse.apply(.dropDatabase("a"))
    #expect(try await warehouse.databases() == ["b"])
  }

  @Test func `creates, empties, renames and drops tables`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let warehouse = fixture.warehouse
    _ = try await warehouse.createTable(.db("t"), as: fixture.statement("SELECT 1 AS a", .presto))
    try await warehouse.apply(.createTable(.db("t")))
    #expect(try await fixture.presto("SELECT a FROM t").rows == [[1]])
    try await warehouse.apply(.createTable(.db("u")))
    try await warehouse.apply(.renameTable(.db("t"), to: "u"))
    #expect(try await warehouse.tables(in: "db") == ["u"])
    #expect(try await fixture.presto("SELECT a FROM u").rows == [[1]])
    try await warehouse.apply(.emptyTable(.db("u")))
    #expect(try await warehouse.columns(of: .db("u")).isEmpty)
    try await warehouse.apply(.dropTable(.db("u")))
    try await warehouse.apply(.dropTable(.db("u")))
    #expect(try await warehouse.tableExists(.db("u")) == false)
    let error = await fixture.failure { try await warehouse.apply(.renameTable(.db("x"), to: "y")) }
    #expect(error?.code == .unknownTable)
    let database = await fixture.failure {
      try await warehouse.apply(.createTable(TableName(database: "d", table: "y")))
    }
    #expect(database?.code == .unknownDatabase)
  }

  @Test func `inserts by name when the names are the same, else by position`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    for query in ["SELECT 1 AS a, 2 AS b", "SELECT 20 AS B, 10 AS A", "SELECT 100 AS x, 200 AS y"] {
      _ = try await fixture.warehouse.insert(fixture.statement(query, .presto), into: .db("t"))
    }
    #expect(
      try await fixture.presto("SELECT a, b FROM t ORDER BY a").rows == [
        [1, 2], [10, 20], [100, 200],
      ]
    )
  }

  @Test func `refuses a value that its column would change, in Hive makes it null`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    _ = try await fixture.warehouse.insert(
      fixture.statement("SELECT 1 AS n", .presto),
      into: .db("t")
    )
    let error = await fixture.failure {
      _ = try await fixture.warehouse.insert(
        fixture.statement("SELECT 'x' AS n", .presto),
        into: .db("t")
      )
    }
    #expect(error?.code == .typeMismatch)
    #expect(error?.message == "column `n` of `db.t` holds BIGINT, the query gives VARCHAR")
    _ = try await fixture.warehouse.insert(
      fixture.statement("SELECT 'x' AS n", .hive),
      into: .db("t")
    )
    #expect(try await fixture.presto("SELECT n FROM t ORDER BY n").rows == [[1], [nil]])
  }

  @Test(arguments: [SQLDialect.presto, .hive])
  func `replaces a table, may read the old one, and keeps it when the query fails`(
    dialect: SQLDialect
  ) async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let warehouse = fixture.warehouse
    _ = try await warehouse.createTable(.db("t"), as: fixture.statement("SELECT 1 AS a", dialect))
    let result = try await warehouse.createTable(
      .db("t"),
      as: fixture.statement("SELECT a + 1 AS a, 'x' AS b FROM t", dialect)
    )
    #expect(result.rowCount == 1)
    let error = await fixture.failure {
      _ = try await warehouse.createTable(
        .db("t"),
        as: fixture.statement("SELECT nothing FROM t", dialect)
      )
    }
    #expect(error?.code == .unknownColumn)
    #expect(try await fixture.presto("SELECT a, b FROM t").rows == [[2, "x"]])
  }

  @Test func `runs statements that write, several as one transaction`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let text = """
      CREATE TABLE t (a bigint, b varchar);
      INSERT INTO t VALUES (1, 'x'), (2, 'y');
      INSERT INTO t (b, a) SELECT 'z', 3;
      DELETE FROM t WHERE a = 2;
      SELECT a, b FROM t ORDER BY a
      """
    #expect(try await fixture.presto(text).rows == [[1, "x"], [3, "z"]])
    let error = await fixture.failure {
      _ = try await fixture.presto("DELETE FROM t; SELECT nothing FROM t")
    }
    #expect(error?.code == .unknownColumn)
    #expect(try await fixture.presto("SELECT count(*) FROM t").rows == [[2]])
    #expect(
      await fixture.failure { _ = try await fixture.presto("CREATE TABLE t AS SELECT 1 AS a") }?
        .code == .execution
    )
    _ = try await fixture.presto(
      "CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a; DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS t"
    )
    #expect(try await fixture.warehouse.tables(in: "db") == [])
  }

  @Test func `counts rows beyond the limit`() async throws {
    let fixture = try WarehouseFixture()
    let result = try await fixture.presto(
      "SELECT x FROM UNNEST(sequence(1, 30000)) AS t(x) ORDER BY x",
      limit: 2
    )
    #expect(result.rows == [[1], [2]])
    #expect(result.rowCount == 30000)
    #expect(result.truncated)
  }

  @Test func `reads rows in batches, in order, and calls once for none`() async throws {
    let fixture = try WarehouseFixture()
    var seen: [Value] = []
    var calls = 0
    let query = "SELECT x, ' v' AS v FROM UNNEST(sequence(1, 30000)) AS t(x) ORDER BY x"
    let result = try await fixture.warehouse.forEachBatch(of: fixture.statement(query, .presto)) {
      batch in
      calls += 1
      #expect(batch.columns.map(\.name) == ["x", "v"])
      seen += batch.rows.map { $0[0] }
    }
    #expect(result.rowCount == 30000)
    #expect(seen == (1...30000).map { .int($0) })
    #expect(calls > 1)
    calls = 0
    let empty = try await fixture.warehouse.forEachBatch(
      of: fixture.statement("SELECT 1 AS a WHERE 1 = 0", .presto)
    ) { batch in
      calls += 1
      #expect(batch.columns.map(\.name) == ["a"])
    }
    #expect(empty.rowCount == 0)
    #expect(calls == 1)
  }

  @Test func `goes through Parquet and CSV and keeps blanks and hyphens`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let warehouse = fixture.warehouse
    let csv = try fixture.folder.write("39, Bachelors, >50K\n50, ?,\n", to: "adult.data")
    var format = CSVFormat()
    format.hasHeader = false
    format.columns = [
      TableColumn(name: "age", type: "BIGINT"), TableColumn(name: "education-num", type: "VARCHAR"),
      TableColumn(name: "class", type: "VARCHAR"),
    ]
    #expect(try await warehouse.importCSV(file: csv, format: format, into: .db("adult")) == 2)
    let file = fixture.folder.path + "/adult.parquet"
    #expect(try await warehouse.exportParquet(.db("adult"), to: file) == 2)
    #expect(try await warehouse.importParquet(file: file, into: .db("copy")) == 2)
    #expect(try await warehouse.importParquet(file: file, into: .db("copy"), mode: .append) == 2)
    #expect(
      try await fixture.presto(
        #"SELECT DISTINCT age, "education-num", class FROM copy ORDER BY age"#
      ).rows
        == [[39, " Bachelors", " >50K"], [50, " ?", nil]]
    )
    #expect(try await warehouse.preview(.db("copy"), limit: 3).rows.count == 3)
    let missing = await fixture.failure {
      _ = try await warehouse.importParquet(file: file + "x", into: .db("y"))
    }
    #expect(missing?.code == .file)
    let broken = try fixture.folder.write("no parquet", to: "broken.parquet")
    let error = await fixture.failure {
      _ = try await warehouse.importParquet(file: broken, into: .db("y"))
    }
    #expect(error?.code == .file)
    try await warehouse.apply(.createTable(.db("empty")))
    #expect(
      await fixture.failure { _ = try await warehouse.exportParquet(.db("empty"), to: file) }?.code
        == .columnMismatch
    )
  }
}
