import Testing

@testable import SQLWarehouse

/// Where `insert_into` and `create_table` put their command: workflow-language.md §6.1, statement rewriting.
@Suite struct StatementRewriterTests {
  private func rewritten(
    _ text: String,
    _ dialect: SQLDialect,
    _ target: StatementRewriter.Target,
    header: [String] = []
  ) throws -> String {
    let statement = SQLStatement(text: text, dialect: dialect, database: "db", header: header)
    return try StatementRewriter(dialect: dialect).rewrite(statement, for: target).text
  }
  private let own = TableName(database: "db", table: "t")
  private let other = TableName(database: "x", table: "t")

  @Test func `replaces the marker line, whatever else is on it`() throws {
    let text = "-- one\n-- DIGDAG_INSERT_LINE please\nSELECT 1\n"
    #expect(try rewritten(text, .presto, .insert(own)) == "-- one\nINSERT INTO \"t\"\nSELECT 1\n")
    let hive = "WITH a AS (SELECT 1)\n-- DIGDAG_INSERT_LINE\nSELECT * FROM a"
    #expect(
      try rewritten(hive, .hive, .create(other))
        == "WITH a AS (SELECT 1)\nINSERT OVERWRITE TABLE `x`.`t`\nSELECT * FROM a"
    )
  }

  @Test func `goes between comments and a rest of one line`() throws {
    #expect(
      try rewritten("-- a\n-- b\nSELECT 1", .presto, .create(other))
        == "-- a\n-- b\nDROP TABLE IF EXISTS \"x\".\"t\";\nCREATE TABLE \"x\".\"t\" AS\nSELECT 1"
    )
  }

  @Test func `goes in front of everything else`() throws {
    #expect(
      try rewritten("-- a\nSELECT 1\nFROM b", .hive, .insert(own))
        == "INSERT INTO TABLE `t`\n-- a\nSELECT 1\nFROM b"
    )
    #expect(
      try rewritten("SELECT 1", .presto, .insert(other)) == "INSERT INTO \"x\".\"t\"\nSELECT 1"
    )
  }

  @Test func `has the header on top and leaves it out of the body`() throws {
    let statement = SQLStatement(
      text: "SELECT 1",
      dialect: .presto,
      database: "db",
      header: ["project_name: p", "task_name: +a"]
    )
    let plain = StatementRewriter(dialect: .presto).plain(statement)
    #expect(plain.text == "-- project_name: p\n-- task_name: +a\nSELECT 1")
    #expect(plain.body == "SELECT 1")
  }

  @Test func `knows the user's own lines`() throws {
    let statement = SQLStatement(
      text: "-- DIGDAG_INSERT_LINE\nSELECT a, -- b\n  b\nFROM c",
      dialect: .presto,
      database: "db",
      header: ["h"]
    )
    let text = try StatementRewriter(dialect: .presto).rewrite(statement, for: .create(own))
    #expect(text.place(line: 3, column: 8) == WarehouseError.Place(line: 2, column: 8))
    #expect(text.place(line: 1, column: 1) == nil)
    #expect(text.place(of: "B") == WarehouseError.Place(line: 3, column: 3))
    #expect(text.place(of: "t") == nil)
  }

  @Test func `refuses names that cannot be quoted`() {
    #expect(throws: WarehouseError.self) {
      try rewritten("SELECT 1", .presto, .insert(TableName(database: "db", table: "a\"b")))
    }
  }
}
