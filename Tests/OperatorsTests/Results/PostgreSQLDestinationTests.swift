import TestKit
import Testing
import Values

@testable import Operators

/// Against a real server.
@Suite(.enabled(if: PostgreSQLTestServer.isInstalled, "no PostgreSQL server is installed"))
struct PostgreSQLDestinationTests {
  private func send(
    _ data: String,
    _ settings: ObjectValue,
    to server: TestPostgreSQL,
    _ fixture: TestWarehouse
  ) async throws {
    try fixture.task.folder.write(
      """
      shop:
        type: postgresql
        host: \(server.server.host)
        port: \(server.server.port)
        database: \(server.server.database)
        user: \(server.server.user)
        password: ${secret:shop.password}
      """,
      to: "connections.yml"
    )
    try await fixture.run(
      "td",
      [
        "_command": ["data": .string(data)], "result_connection": "shop",
        "result_settings": .object(settings),
      ],
      secrets: ["shop.password": server.server.password?.reveal() ?? ""]
    )
  }

  @Test func `append makes the table with the types of the query and then adds`() async throws {
    let (server, fixture) = (try await TestPostgreSQL(), try await TestWarehouse())
    let data = """
      SELECT 7 AS id, 'a\tb\\' AS word, 1.5e0 AS x, true AS ok, DATE '2024-01-31' AS day,
        TIMESTAMP '2024-01-31 12:00:00' AS moment, ARRAY[1, 2] AS list, CAST(NULL AS varchar) AS gone
      """
    for _ in 1...2 { try await send(data, ["table": "t"], to: server, fixture) }
    #expect(
      try await server.rows(
        "SELECT id, word, x, ok, day::text, moment::text, list::text, gone FROM t LIMIT 1"
      )
        == [[7, "a\tb\\", 1.5, true, "2024-01-31", "2024-01-31 12:00:00", "[1, 2]", nil]]
    )
    #expect(try await server.rows("SELECT count(*) FROM t") == [[2]])
    #expect(
      try await server.rows(
        "SELECT data_type FROM information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position"
      ).map { $0[0].text } == [
        "bigint", "text", "double precision", "boolean", "date", "timestamp without time zone",
        "jsonb", "text",
      ]
    )
  }

  @Test func `replace and truncate leave the new rows only`() async throws {
    let (server, fixture) = (try await TestPostgreSQL(), try await TestWarehouse())
    try await server.execute(
      "CREATE SCHEMA s; CREATE TABLE s.t (id integer, note text DEFAULT 'n')"
    )
    try await server.execute("INSERT INTO s.t VALUES (1, 'old')")
    try await send(
      "SELECT 2 AS id",
      ["table": "t", "schema": "s", "mode": "truncate"],
      to: server,
      fixture
    )
    #expect(try await server.rows("SELECT id, note FROM s.t") == [[2, "n"]])
    try await send(
      "SELECT 3 AS id",
      ["table": "t", "schema": "s", "mode": "replace"],
      to: server,
      fixture
    )
    #expect(try await server.rows("SELECT * FROM s.t") == [[3]])
  }

  @Test func `update overwrites rows with the same keys and adds the others`() async throws {
    let (server, fixture) = (try await TestPostgreSQL(), try await TestWarehouse())
    try await server.execute("CREATE TABLE t (id integer, day date, n integer)")
    try await server.execute(
      "INSERT INTO t VALUES (1, '2024-01-01', 10), (1, '2024-01-02', 11), (2, '2024-01-01', 12)"
    )
    try await send(
      """
      SELECT * FROM (VALUES (1, '2024-01-02', 20), (3, '2024-01-01', 30), (3, '2024-01-01', 31)) v(id, day, n)
      ORDER BY n
      """,
      ["table": "t", "mode": "update", "unique": ["id", "day"]],
      to: server,
      fixture
    )
    #expect(
      try await server.rows("SELECT id, day::text, n FROM t ORDER BY id, day") == [
        [1, "2024-01-01", 10], [1, "2024-01-02", 20], [2, "2024-01-01", 12],
        [3, "2024-01-01", 31],
      ]
    )
  }

  @Test func `what fails leaves the table as it was`() async throws {
    let (server, fixture) = (try await TestPostgreSQL(), try await TestWarehouse())
    try await server.execute("CREATE TABLE t (id integer CHECK (id < 5000))")
    try await server.execute("INSERT INTO t VALUES (1)")
    for mode in ["append", "truncate", "update"] {
      do {
        try await send(
          "SELECT n AS id FROM UNNEST(sequence(1, 9000)) AS s(n)",
          ["table": "t", "mode": .string(mode), "unique": "id"],
          to: server,
          fixture
        )
        Issue.record("5000 breaks the rule of the table")
      } catch {
        #expect("\(error)".contains("violates check constraint"))
      }
      #expect(try await server.rows("SELECT id FROM t") == [[1]])
    }
  }

  @Test func `a wrong password and a foreign column are told, the password is not`() async throws {
    let (server, fixture) = (try await TestPostgreSQL(), try await TestWarehouse())
    try await server.execute("CREATE TABLE t (id integer)")
    do {
      try await send("SELECT 1 AS colour", ["table": "t"], to: server, fixture)
      Issue.record("the table has no such column")
    } catch {
      #expect("\(error)".contains("colour"))
      #expect(!"\(error)".contains("the password"))
    }
  }
}
