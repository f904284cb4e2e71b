import Storage
import Testing
import Values

/// What every database behind ``SQLDatabase`` must do; a backend's test is one call.
struct SQLDatabaseSuite {
  let database: SQLDatabase

  static let migrations = [
    Migration(
      name: "0001-runs",
      statements: [
        "CREATE TABLE runs (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        "CREATE TABLE points (run BIGINT NOT NULL REFERENCES runs (id), value DOUBLE PRECISION)",
      ]
    )
  ]

  func runSuite() throws {
    try database.migrate(Self.migrations, room: "Suite")
    try database.migrate(Self.migrations, room: "Suite")
    try placeholders()
    try valuesComeBack()
    try changedRows()
    try rollback()
    try readsDoNotWrite()
    try errors()
  }

  private func placeholders() throws {
    let row = try database.read {
      try $0.row("SELECT $2 || $1 || $2 AS text, '$3' AS literal", ["a", "b"])
    }
    #expect(row == ["text": "bab", "literal": "$3"])
    #expect(code { try $0.row("SELECT $1", []) } == .statement)
    #expect(code { try $0.row("SELECT $1", ["a", "b"]) } == .statement)
    #expect(code { try $0.row("SELECT ?", ["a"]) } == .statement)
  }

  private func valuesComeBack() throws {
    let sent: [Value] = [
      nil, true, -9_223_372_036_854_775_808, 0.1, "Zoë 日本 ' ; --", [1, 2], ["k": 1],
    ]
    let row = try database.read {
      try $0.row("SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, $5 AS e, $6 AS f, $7 AS g", sent)
    }
    #expect(
      row?.values == [
        nil, 1, -9_223_372_036_854_775_808, 0.1, "Zoë 日本 ' ; --", "[1,2]", "{\"k\":1}",
      ]
    )
    #expect(code { try $0.row("SELECT $1 AS a", ["x\u{0}y"]) } == .statement)
  }

  private func changedRows() throws {
    let changed = try database.write { connection in
      [
        try connection.execute("INSERT INTO runs (id, name) VALUES (1, 'a'), (2, 'b')"),
        try connection.execute("UPDATE runs SET name = name WHERE id = $1", [2]),
        try connection.execute("UPDATE runs SET name = name WHERE id = $1", [9]),
        try connection.execute("CREATE TABLE later (id BIGINT)"),
      ]
    }
    #expect(changed == [2, 1, 0, 0])
    let returned = try database.write {
      try $0.rows("INSERT INTO runs (id, name) VALUES ($1, $2) RETURNING name, id", [3, "c"])
    }
    #expect(returned == [["name": "c", "id": 3]])
  }

  private func rollback() throws {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try database.write { connection in
        try connection.execute("DELETE FROM runs")
        throw Refusal()
      }
    }
    let count = try database.read { try $0.row("SELECT COUNT(*) AS n FROM runs") }
    #expect(count == ["n": 3])
  }

  private func readsDoNotWrite() throws {
    let error = #expect(throws: StorageError.self) {
      try database.read { try $0.execute("DELETE FROM runs") }
    }
    #expect(error?.code == .readOnly)
  }

  private func errors() throws {
    #expect(code { try $0.execute("SELEC 1") } == .statement)
    #expect(
      code { try $0.execute("INSERT INTO points (run, value) VALUES (99, 1.5)") } == .constraint
    )
    let secret = "not-for-messages"
    let error = #expect(throws: StorageError.self) {
      try database.write {
        try $0.execute("INSERT INTO runs (id, name) VALUES (50, $1)", [.string(secret)])
        try $0.execute("INSERT INTO runs (id, name) VALUES (51, $1)", [.string(secret)])
      }
    }
    #expect(error?.code == .constraint)
    #expect(error.map { "\($0) \(String(describing: $0.cause))" }?.contains(secret) == false)
    #expect(error?.message.contains("runs.name") == true)
  }

  private func code(_ body: (SQLConnection) throws -> some Any) -> StorageError.Code? {
    do { _ = try database.write(body) } catch let error as StorageError {
      return error.code
    } catch {
      Issue.record(error)
    }
    return nil
  }
}
