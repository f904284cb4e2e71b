import SQLWarehouse
import Testing
import Values
import WorkflowEngine

@Suite struct SQLSchemaOperatorTests {
  @Test func `creates, empties, renames and drops in the fixed order, again and again`()
    async throws
  {
    let fixture = try await TestWarehouse()
    for _ in 1...2 {
      try await fixture.run(
        "td_ddl",
        [
          "_command": nil, "create_tables": ["a", "other.b"], "create_databases": "[\"other\"]",
          "drop_tables": ["a"], "empty_tables": ["c"],
        ]
      )
    }
    #expect(try await fixture.warehouse.tables(in: "db") == ["a", "c"])
    #expect(try await fixture.warehouse.tables(in: "other") == ["b"])
    try await fixture.run("td", ["_command": ["data": "SELECT 7 AS n"], "insert_into": "a"])
    try await fixture.run(
      "td_ddl",
      ["_command": nil, "rename_tables": [["from": "a", "to": "c"]]]
    )
    #expect(try await fixture.warehouse.tables(in: "db") == ["c"])
    #expect(try await fixture.rows("SELECT n FROM c") == [[7]])
    try await fixture.run(
      "td_ddl",
      ["_command": nil, "empty_databases": ["other"], "drop_databases": ["none"]]
    )
    #expect(try await fixture.warehouse.tables(in: "other") == [])
  }

  @Test func `options may stand in the operator's own map`() async throws {
    let fixture = try await TestWarehouse()
    try await fixture.run("td_ddl", ["_command": ["create_tables": ["inner"]]])
    #expect(try await fixture.warehouse.tables(in: "db") == ["inner"])
  }

  @Test func `refuses what cannot be meant, before anything is changed`() async throws {
    let fixture = try await TestWarehouse()
    func words(_ keys: ObjectValue) async throws -> String {
      try await fixture.failure("td_ddl", keys)
    }
    // A table that the same task would create cannot be renamed by it.
    #expect(
      try await words(["create_tables": ["a"], "rename_tables": [["from": "a", "to": "b"]]])
        == "Renaming table db.a doesn't exist (config)"
    )
    #expect(
      try await words(["create_tables": "a"]).hasPrefix(
        "Expected array type for key 'create_tables'"
      )
    )
    #expect(try await words(["create_tables": [nil]]).contains("must be a name"))
    #expect(
      try await words(["rename_tables": [["from": "a", "to": "x.b"]]]).contains(
        "without a database"
      )
    )
    #expect(try await words(["create_tables": ["a.b.c"]]).contains("a.b.c"))
    #expect(try await words(["create_tables": ["nowhere.t"]]).contains("nowhere"))
    #expect(try await fixture.warehouse.tables(in: "db") == [])
    #expect(
      try await fixture.failure("td_ddl", ["create_databases": ["x"]], exports: [:])
        == "Parameter 'database' is required but not set (config)"
    )
  }
}
