import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite(
  .enabled(
    if: PostgreSQLTestServer.isInstalled,
    "PostgreSQL's server is not installed: apt-get install postgresql"
  )
)
struct PostgreSQLConnectionTests {
  @Test func `gives values by their types`() async throws {
    let connection = try await TestPostgreSQL().connection()
    var columns: [PostgreSQLColumn] = []
    var rows: [[Value]] = []
    let count = try await connection.query(
      """
      SELECT true AS a, 7::int8 AS b, 1.5::float8 AS c, 12.50::numeric(6,2) AS d, 'é"x' AS e,
        NULL::int AS f, DATE '2024-05-02' AS g, TIMESTAMP '2024-05-02 03:04:05.678' AS h,
        '{"k": [1]}'::jsonb AS i, 'NaN'::float8 AS j, 123456789012345678901234567890::numeric AS k, 0.1::real AS l
      """
    ) {
      columns = $0.columns
      rows += $0.rows
    }
    #expect(count == 1)
    #expect(columns.map(\.name) == Array("abcdefghijkl").map(String.init))
    #expect(
      columns.map(\.typeName) == [
        "boolean", "bigint", "double precision", "numeric(6,2)", "text", "integer", "date",
        "timestamp without time zone", "jsonb", "double precision", "numeric", "real",
      ]
    )
    #expect(
      rows == [
        [
          true, 7, 1.5, 12.5, "é\"x", nil, "2024-05-02", "2024-05-02 03:04:05.678", "{\"k\": [1]}",
          "NaN", "123456789012345678901234567890", 0.1,
        ]
      ]
    )
  }

  @Test func `hands rows over in batches`() async throws {
    let connection = try await TestPostgreSQL().connection()
    var sizes: [Int] = []
    let count = try await connection.query("SELECT generate_series(1, 10000)", batchSize: 4096) {
      sizes.append($0.rows.count)
    }
    #expect(count == 10000)
    #expect(sizes == [4096, 4096, 1808])
    var empty: [PostgreSQLBatch] = []
    try await connection.query("SELECT 1 AS one WHERE false") { empty.append($0) }
    #expect(empty.map(\.rows.count) == [0] && empty[0].columns.map(\.name) == ["one"])
  }

  @Test func `binds arguments apart from the text`() async throws {
    let connection = try await TestPostgreSQL().connection()
    let rows = try await connection.rows(
      "SELECT $1::text, $2::int + 1, $3::bool, $4::text",
      ["'; DROP TABLE x; --", 41, true, nil]
    )
    #expect(rows == [["'; DROP TABLE x; --", 42, true, nil]])
  }

  @Test func `a statement that failed leaves the connection fit for use`() async throws {
    let connection = try await TestPostgreSQL().connection()
    await #expect(throws: PostgreSQLFailure.self) { try await connection.rows("SELECT 1 / 0") }
    struct Enough: Error {}
    await #expect(throws: Enough.self) {
      try await connection.query("SELECT generate_series(1, 1000000)", batchSize: 10) { _ in
        throw Enough()
      }
    }
    #expect(try await connection.rows("SELECT 1") == [[1]])
  }

  @Test func `names the state, the sentence, the hint and the place`() async throws {
    let connection = try await TestPostgreSQL().connection()
    let text = "SELECT 1;\nSELECT é, nosuch\nFROM t"
    let error = await #expect(throws: PostgreSQLFailure.self) {
      try await connection.execute("CREATE TABLE seen (id int); " + text)
    }
    let failure = try #require(error).taskFailure(in: "q.sql", text: text, skipping: 28)
    #expect(
      failure.description
        == "q.sql:3:6: PostgreSQL: relation \"t\" does not exist (SQLSTATE 42P01) (config)"
    )
    let missing = await #expect(throws: PostgreSQLFailure.self) {
      try await connection.rows("SELECT lenght('x')")
    }
    #expect(missing?.state == "42883")
    #expect(missing?.remarks.first?.hasPrefix("No function matches") == true)
    #expect(missing?.position == 8)
  }

  @Test func `a transaction is undone as a whole`() async throws {
    let database = try await TestPostgreSQL()
    let connection = try await database.connection()
    try await connection.execute("CREATE TABLE t (id int PRIMARY KEY)")
    await #expect(throws: PostgreSQLFailure.self) {
      try await connection.transaction {
        try await connection.execute("INSERT INTO t VALUES (1)")
        try await connection.execute("INSERT INTO t VALUES (1)")
      }
    }
    #expect(try await database.rows("SELECT count(*) FROM t") == [[0]])
    try await connection.transaction { try await connection.execute("INSERT INTO t VALUES (2)") }
    #expect(try await database.rows("SELECT id FROM t") == [[2]])
  }

  @Test func `a transaction for reading refuses to write`() async throws {
    let connection = try await TestPostgreSQL().connection()
    let error = await #expect(throws: PostgreSQLFailure.self) {
      try await connection.transaction(readOnly: true) {
        try await connection.execute("CREATE TABLE t (id int)")
      }
    }
    #expect(error?.state == "25006")
  }

  @Test func `notices a commit inside a transaction`() async throws {
    let connection = try await TestPostgreSQL().connection()
    let error = await #expect(throws: PostgreSQLFailure.self) {
      try await connection.transaction { try await connection.execute("SELECT 1; COMMIT") }
    }
    #expect(error?.message.contains("ended the transaction") == true)
  }

  @Test func `copies rows in and out with every character`() async throws {
    let database = try await TestPostgreSQL()
    let connection = try await database.connection()
    try await connection.execute(#"CREATE TABLE "odd ""name" (a text, "B" int, c float8)"#)
    let table = PostgreSQLTable(schema: "public", name: "odd \"name")
    let rows: [[Value]] = [
      ["tab\tline\nreturn\rback\\slash", 1, 0.25], ["", nil, nil], ["\\N", 2, 1e300],
    ]
    let count = try await connection.copy(into: table, columns: ["a", "B", "c"]) { append in
      try await append(Array(rows[..<1]))
      try await append([])
      try await append(Array(rows[1...]))
    }
    #expect(count == 3)
    #expect(try await database.rows("SELECT * FROM \(table.quoted)") == rows)
    let folder = try TemporaryFolder()
    let file = folder.path + "/out.csv"
    let written = try await connection.copyCSV(
      of: "SELECT a, \"B\" FROM \(table.quoted) WHERE \"B\" IS NOT NULL ORDER BY 2 DESC -- last",
      to: file
    )
    #expect(written == 2)
    #expect(
      try String(contentsOfFile: file, encoding: .utf8)
        == "a,B\n\\N,2\n\"tab\tline\nreturn\rback\\slash\",1\n"
    )
  }

  @Test func `forgets the rows of a copy that ends in an error`() async throws {
    let database = try await TestPostgreSQL()
    let connection = try await database.connection()
    try await connection.execute("CREATE TABLE t (id int)")
    struct Enough: Error {}
    await #expect(throws: Enough.self) {
      _ = try await connection.copy(into: PostgreSQLTable(name: "t")) { append in
        try await append([[1], [2]])
        throw Enough()
      }
    }
    let refused = await #expect(throws: PostgreSQLFailure.self) {
      _ = try await connection.copy(into: PostgreSQLTable(name: "t")) { try await $0([["x"]]) }
    }
    #expect(refused?.state == "22P02")
    #expect(try await connection.rows("SELECT count(*) FROM t") == [[0]])
  }

  @Test func `describes a query without running it`() async throws {
    let connection = try await TestPostgreSQL().connection()
    let columns = try await connection.columns(of: "SELECT 1 / 0 AS boom, 'x'::varchar(3) AS v")
    #expect(columns.map(\.name) == ["boom", "v"])
    #expect(columns.map(\.kind) == [.integer, .text])
  }

  @Test(.timeLimit(.minutes(1))) func `cancelling the task ends the statement`() async throws {
    let database = try await TestPostgreSQL()
    let connection = try await database.connection()
    let work = Task { try await connection.rows("SELECT pg_sleep(600)") }
    let running = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'"
    while try await database.rows(running) != [[1]] { await Task.yield() }
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    while try await database.rows(running + " AND state = 'active'") != [[0]] { await Task.yield() }
  }

  @Test func `refuses a copy that has no partner`() async throws {
    let connection = try await TestPostgreSQL().connection()
    try await connection.execute("CREATE TABLE t (id int)")
    for copy in ["COPY t FROM STDIN", "COPY t TO STDOUT"] {
      await #expect(throws: PostgreSQLFailure.self) { try await connection.execute(copy) }
    }
    #expect(try await connection.rows("SELECT count(*) FROM t") == [[0]])
  }

  @Test func `tells wrong passwords, databases, hosts and encryption apart, never the password`()
    async throws
  {
    let database = try await TestPostgreSQL()
    var wrong = database.server
    wrong.password = Secret("not it")
    #expect(await failure(wrong).contains("password authentication failed for user \"tester\""))
    #expect(!(await failure(wrong).contains("not it")))
    wrong = database.server
    wrong.database = "nosuch"
    #expect(await failure(wrong).contains("database \"nosuch\" does not exist"))
    wrong = database.server
    wrong.host = "127.0.0.1"
    wrong.sslMode = .require
    #expect(await failure(wrong).contains("does not support SSL"))
    wrong.sslMode = .disable
    #expect(try await PostgreSQLConnection.open(wrong).rows("SELECT 1") == [[1]])
    wrong.port = 1
    #expect(await failure(wrong).contains("`127.0.0.1:1`"))
  }

  @Test func `finds tables in the schema it was given`() async throws {
    let database = try await TestPostgreSQL()
    try await database.execute(#"CREATE SCHEMA "Odd one"; CREATE TABLE "Odd one".t (id int)"#)
    var server = database.server
    server.schema = "Odd one"
    #expect(try await PostgreSQLConnection.open(server).rows("SELECT * FROM t") == [])
  }

  private func failure(_ server: PostgreSQLServer) async -> String {
    do {
      _ = try await PostgreSQLConnection.open(server)
      return "connected"
    } catch {
      return "\(error)"
    }
  }
}
