import Foundation
import TestKit
import Testing
import Values

/// Queries that cannot run: the file, the line of the statement and the nearest names; the warehouse stays as it was.
@Suite struct BadQueryTests {
  private static let setup = """
    _export:
      td: {database: shop}
    +database:
      td_ddl>:
      create_databases: [shop]
    +people:
      td>: {data: "SELECT 1 AS age, 'ada' AS name"}
      create_table: people
    """

  static let queries = [
    (
      "SELECT\n  naem\nFROM people\n", "q.sql:2:3: ",
      "there is no column `naem`; did you mean `name`?"
    ),
    (
      "SELECT *\nFROM peple\n", "q.sql:2:6: ",
      "there is no table `peple` in database `shop`; did you mean `people`?"
    ),
    ("-- all\nSELECT lower(name\nFROM people\n", "q.sql:3:1: ", "found `FROM`"),
    ("SELECT\n  no_such(name)\nFROM people\n", "q.sql:2:3: ", "no function `no_such`"),
    ("\n", "", "the query in `q.sql` is empty"),
  ]

  @Test(arguments: queries, ["presto", "hive"])
  func `a bad query is named with its own line`(
    query: (text: String, place: String, words: String),
    engine: String
  ) async throws {
    let project = try ProjectFixture([
      "s.dig": Self.setup, "q.sql": query.text,
      "w.dig": "+a:\n  td>: q.sql\n  database: shop\n  engine: \(engine)\n  create_table: people\n",
    ])
    try #require(try await project.run("s").outcome.status == 0)
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    let message = report.error("+w+a") ?? ""
    #expect(message.hasPrefix(query.place), "\(message)")
    #expect(message.contains(query.words), "\(message)")
    #expect(!outcome.errors.contains("Traceback"))
    #expect(!outcome.errors.contains("duckdb"))
    let rows = try await TadoruProcess.run(
      ["query", "SELECT name FROM people", "-d", "shop", "--format", "csv"],
      in: project.folder.path
    )
    #expect(rows.output == "name\nada\n")
  }

  @Test func `a query in the workflow is named by its task and its own line`() async throws {
    let project = try ProjectFixture([
      "s.dig": Self.setup,
      "w.dig":
        "+a:\n  td>:\n    data: |\n      SELECT\n        naem\n      FROM people\n  database: shop\n",
    ])
    try #require(try await project.run("s").outcome.status == 0)
    let message = try await project.run("w").report.error("+w+a") ?? ""
    #expect(message.hasPrefix("w.dig:1:1: query line 2:3: there is no column `naem`"), "\(message)")
  }

  @Test func `a missing SQL file is named with the nearest one`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  td>: queries/trian.sql\n  database: d\n", "queries/train.sql": "SELECT 1\n",
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(
      report.error("+w+a")
        == "File not found: queries/trian.sql; did you mean `train.sql`? (config)"
    )
    #expect(outcome.errors.contains("w.dig:1:1"))
  }

  @Test func `a database that is not there is named with the nearest one`() async throws {
    let project = try ProjectFixture([
      "s.dig": Self.setup,
      "w.dig": "+a:\n  td>: {data: SELECT 1 AS n}\n  database: shop\n  insert_into: shp.t\n",
    ])
    try #require(try await project.run("s").outcome.status == 0)
    let message = try await project.run("w").report.error("+w+a") ?? ""
    #expect(message.contains("there is no database `shp`; did you mean `shop`?"), "\(message)")
  }
}
