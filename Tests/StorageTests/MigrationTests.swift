import Storage
import Testing
import Values

@Suite struct MigrationTests {
  private let first = Migration(name: "0001-first", statements: ["CREATE TABLE first (id BIGINT)"])
  private let second = Migration(name: "0002-second") { connection in
    try connection.execute("CREATE TABLE second (id BIGINT)")
    try connection.execute("INSERT INTO second (id) VALUES (7)")
  }
  private let broken = Migration(
    name: "0002-broken",
    statements: ["CREATE TABLE half (id BIGINT)", "CREATE TABLE ("]
  )

  @Test func `each migration runs once, in order`() throws {
    let database = try SQLDatabase.inMemory()
    try database.migrate([first], room: "A")
    try database.migrate([first, second], room: "A")
    try database.migrate([first, second], room: "A")
    #expect(try database.read { try $0.rows("SELECT id FROM second") } == [["id": 7]])
  }

  @Test func `rooms keep their own books`() throws {
    let database = try SQLDatabase.inMemory()
    try database.migrate([first], room: "A")
    let other = Migration(name: "0001-first", statements: ["CREATE TABLE other (id BIGINT)"])
    try database.migrate([other], room: "B")
    #expect(try database.read { try $0.rows("SELECT id FROM other") }.isEmpty)
  }

  @Test func `a migration that fails leaves nothing behind`() throws {
    let database = try SQLDatabase.inMemory()
    try database.migrate([first], room: "A")
    #expect(throws: StorageError.self) { try database.migrate([first, broken], room: "A") }
    try database.migrate([first, second], room: "A")
    let half = try database.read {
      try $0.row("SELECT name FROM sqlite_schema WHERE name = 'half'")
    }
    #expect(half == nil)
  }

  @Test func `a database of a newer version is refused`() throws {
    let database = try SQLDatabase.inMemory()
    try database.migrate([first, second], room: "A")
    let error = #expect(throws: StorageError.self) { try database.migrate([first], room: "A") }
    #expect(error?.code == .newerSchema)
    #expect(error?.message.contains("0002-second") == true)
  }

  @Test func `migrations in another order are refused`() throws {
    let database = try SQLDatabase.inMemory()
    try database.migrate([first, second], room: "A")
    let error = #expect(throws: StorageError.self) {
      try database.migrate([second, first], room: "A")
    }
    #expect(error?.code == .newerSchema)
  }
}
