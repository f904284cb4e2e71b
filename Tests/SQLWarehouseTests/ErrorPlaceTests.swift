import SQLWarehouse
import TestKit
import Testing
import Values

/// What people see when a statement is wrong: the place in their own text, and what they may have meant.
@Suite struct ErrorPlaceTests {
  private func error(_ text: String, _ dialect: SQLDialect = .presto) async throws -> WarehouseError
  {
    let fixture = try await WarehouseFixture.withDatabase()
    _ = try await fixture.warehouse.createTable(
      .db("people"),
      as: fixture.statement(#"SELECT 1 AS age, 2 AS "education-num""#, .presto)
    )
    return try #require(
      await fixture.failure {
        _ = try await fixture.warehouse.insert(
          fixture.statement(text, dialect),
          into: .db("target")
        )
      }
    )
  }

  @Test func `gives the line of a syntax error without the lines put in front`() async throws {
    let error = try await error(
      "-- DIGDAG_INSERT_LINE\nSELECT age\nFROM people\nWHERE (age = 1 GROUP"
    )
    #expect(error.code == .syntax)
    #expect(error.place?.line == 4)
  }

  @Test func `suggests columns`() async throws {
    let error = try await error("SELECT 1 AS x,\n  \"education_num\" AS y\nFROM people")
    #expect(error.code == .unknownColumn)
    #expect(
      error.description
        == "line 2:4: there is no column `education_num`; did you mean `education-num`?"
    )
  }

  @Test func `suggests columns behind an alias`() async throws {
    let error = try await error("SELECT p.agee FROM people p")
    #expect(error.description == "line 1:10: there is no column `agee`; did you mean `age`?")
  }

  @Test func `suggests tables and databases`() async throws {
    let table = try await error("SELECT 1\nFROM peopel")
    #expect(table.code == .unknownTable)
    #expect(
      table.description
        == "line 2:6: there is no table `peopel` in database `db`; did you mean `people`?"
    )
    let database = try await error("SELECT 1 FROM dbb.people")
    #expect(database.code == .unknownDatabase)
    #expect(database.hint == "did you mean `db`?")
  }

  @Test(arguments: [
    ("SELECT CAST('1.5' AS integer) AS n", "line 1:14: `1.5` is no integer"),
    ("SELECT 1/0 AS n", "division by zero in expression (1 / 0); `TRY(…)` gives null instead"),
    ("SELECT CAST('zz' AS boolean) AS n", "line 1:14: could not convert string 'zz' to BOOLEAN"),
    (
      "SELECT 9223372036854775807 + 1 AS n",
      "overflow in addition of BIGINT (9223372036854775807 + 1)!"
    ),
    (
      "SELECT substr(1) AS n",
      "macro substr() does not support the supplied arguments. You might need to add explicit type casts."
    ),
  ])
  func `names types, functions and signs as the dialect does`(
    text: String,
    message: String
  ) async throws {
    #expect(try await error(text).description == message)
  }

  @Test func `suggests functions`() async throws {
    let error = try await error("SELECT\n  td_time_formt(1, 'yyyy')\nFROM people")
    #expect(error.code == .unknownFunction)
    #expect(error.place == WarehouseError.Place(line: 2, column: 3))
    #expect(error.hint?.contains("`td_time_format`") == true)
  }

  @Test func `says why a value does not fit`() async throws {
    let error = try await error("SELECT cast('x' as double) FROM people")
    #expect(error.code == .typeMismatch)
    #expect(error.message.contains("'x'"))
  }

  @Test func `says that a table has no columns yet`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    try await fixture.warehouse.apply(.createTable(.db("empty")))
    let error = await fixture.failure { _ = try await fixture.presto("SELECT auc FROM empty") }
    #expect(error?.code == .unknownColumn)
    #expect(
      error?.message == "there is no column `auc`: nothing has been inserted into `db.empty` yet"
    )
  }

  @Test func `names both lists when columns do not match`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    _ = try await fixture.warehouse.createTable(
      .db("t"),
      as: fixture.statement("SELECT 1 AS a, 2 AS b", .presto)
    )
    let error = await fixture.failure {
      _ = try await fixture.warehouse.insert(
        fixture.statement("SELECT 1 AS a", .presto),
        into: .db("t")
      )
    }
    #expect(error?.code == .columnMismatch)
    #expect(error?.message == "`db.t` has the columns `a`, `b`, the query gives `a`")
  }

  @Test func `asks for a database`() async throws {
    let fixture = try WarehouseFixture()
    let error = await fixture.failure {
      _ = try await fixture.presto("SELECT 1 FROM t", database: nil)
    }
    #expect(error?.code == .unknownDatabase)
    #expect(error?.place == WarehouseError.Place(line: 1, column: 15))
  }

  @Test func `names what is missing on the machine`() async throws {
    let noLibrary = try WarehouseFixture {
      $0.translator = ["/nowhere/python", "x"]; $0.cacheFolder += "/none"
    }
    let error = await noLibrary.failure { _ = try await noLibrary.presto("SELECT 4711") }
    #expect(error?.code == .translatorMissing)
    #expect(error?.hint?.contains("sql-runtime.sh") == true)
  }

  @Test func `passes the reason of a translator that does not start`() async throws {
    let fixture = try WarehouseFixture { settings in
      settings.translator = [WarehouseFixture.translator[0], "/dev/null"]
      settings.cacheFolder += "/none"
    }
    let error = await fixture.failure { _ = try await fixture.presto("SELECT 4712") }
    #expect(error?.code == .translatorMissing)
  }

  @Test func `says that a file is no database`() async throws {
    let fixture = try WarehouseFixture()
    try fixture.folder.write(String(repeating: "no database ", count: 1000), to: "warehouse.duckdb")
    let error = await fixture.failure { _ = try await fixture.presto("SELECT 1") }
    #expect(error?.code == .database)
  }
}
