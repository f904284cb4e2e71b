import Foundation
import TestKit
import Testing
import Values

@testable import Storage

@Suite struct SQLiteTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.url.appending(path: "state/deep/tadoru.db").path(percentEncoded: false)
  }

  private func open() throws -> SQLDatabase {
    let database = try SQLDatabase(path: path, durability: .process)
    try database.migrate(SQLDatabaseSuite.migrations, room: "Suite")
    return database
  }

  private func count(_ database: SQLDatabase) throws -> Int64? {
    try database.read { try $0.row("SELECT COUNT(*) AS n FROM runs")?["n"]?.int }
  }

  @Test func `a file does what every database must do`() throws {
    try SQLDatabaseSuite(database: SQLDatabase(path: path, durability: .process)).runSuite()
  }

  @Test func `a file that survives power loss does the same`() throws {
    try SQLDatabaseSuite(database: SQLDatabase(path: path, durability: .machine)).runSuite()
  }

  @Test func `memory does what every database must do`() throws {
    try SQLDatabaseSuite(database: .inMemory()).runSuite()
  }

  @Test(arguments: [(.process, 1), (.machine, 2)] as [(SQLDatabase.Durability, Int64)])
  func `the durability asked for is the one the file has`(
    durability: SQLDatabase.Durability,
    level: Int64
  ) throws {
    let database = try SQLDatabase(path: path, durability: durability)
    // 1 is NORMAL and 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
    let settings = try database.read {
      [try $0.row("PRAGMA synchronous"), try $0.row("PRAGMA journal_mode")]
    }
    #expect(settings == [["synchronous": .int(level)], ["journal_mode": "wal"]])
  }

  @Test func `the file and its folder are for their owner only`() throws {
    let database = try open()
    #expect(try count(database) == 0)
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(path) == 0o600)
    #expect(try mode(path + "-wal") == 0o600)
    #expect(try mode((path as NSString).deletingLastPathComponent) == 0o700)
  }

  @Test func `two connections that write at once lose nothing`() async throws {
    let databases = [try open(), try open(), try open(), try open()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (writer, database) in databases.enumerated() {
        group.addTask {
          for number in 0..<50 {
            try database.write {
              let next = try $0.row("SELECT COUNT(*) AS n FROM runs")?["n"]?.int ?? -1
              try $0.execute(
                "INSERT INTO runs (id, name) VALUES ($1, $2)",
                [.int(next), .string("\(writer)-\(number)")]
              )
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try count(databases[0]) == 200)
  }

  @Test func `a new file may be opened and migrated by several at once`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { _ = try open() }
      }
      try await group.waitForAll()
    }
    #expect(try count(open()) == 0)
  }

  @Test func `what a connection sees does not change while it reads`() throws {
    let reader = try open()
    let writer = try open()
    let counts = try reader.read { connection in
      let before = try connection.row("SELECT COUNT(*) AS n FROM runs")
      try writer.write { try $0.execute("INSERT INTO runs (id, name) VALUES (1, 'a')") }
      return [before, try connection.row("SELECT COUNT(*) AS n FROM runs")]
    }
    #expect(counts == [["n": 0], ["n": 0]])
    #expect(try count(reader) == 1)
  }

  @Test func `committed rows are read by the next process though no connection was closed`() throws
  {
    let database = try open()
    try database.write { try $0.execute("INSERT INTO runs (id, name) VALUES (1, 'a')") }
    // What a killed process leaves behind: the file and the log beside it, not merged.
    let copy = folder.url.appending(path: "copy.db").path(percentEncoded: false)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
    #expect(try count(SQLDatabase(path: copy, durability: .process)) == 1)
    #expect(try count(database) == 1)
  }

  @Test func `a log torn in the middle of a transaction gives the state before it`() throws {
    let database = try open()
    try database.write { try $0.execute("INSERT INTO runs (id, name) VALUES (1, 'a')") }
    try database.write { try $0.execute("INSERT INTO runs (id, name) VALUES (2, 'b')") }
    let copy = folder.url.appending(path: "copy.db").path(percentEncoded: false)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let log = try Data(contentsOf: URL(filePath: path + "-wal"))
    try log.dropLast(100).write(to: URL(filePath: copy + "-wal"))
    #expect(try count(SQLDatabase(path: copy, durability: .process)) == 1)
    #expect(try count(database) == 2)
  }

  @Test func `a file that is no database is refused with a way out`() throws {
    let file = try folder.write(String(repeating: "no database ", count: 100), to: "notes.db")
    let error = #expect(throws: StorageError.self) {
      try SQLDatabase(path: file, durability: .process)
    }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains(file) == true)
    #expect(error?.message.contains("move it away") == true)
  }

  @Test func `a path that is a folder is refused`() throws {
    let error = #expect(throws: StorageError.self) {
      try SQLDatabase(path: folder.path, durability: .process)
    }
    #expect(error?.code == .io)
  }

  @Test func `a folder that cannot be made is an io error`() throws {
    let file = try folder.write("", to: "file")
    let error = #expect(throws: StorageError.self) {
      try SQLDatabase(path: file + "/below/tadoru.db", durability: .process)
    }
    #expect(error?.code == .io)
  }

  @Test func `a full disk rolls the transaction back and the next one works`() throws {
    let database = try open()
    // A cap on the pages makes SQLite report the same SQLITE_FULL as a disk without space.
    let pages = try database.read { try $0.row("PRAGMA page_count")?["page_count"]?.int ?? 0 }
    try database.write { try $0.rows("PRAGMA max_page_count = \(pages + 3)") }
    let error = #expect(throws: StorageError.self) {
      try database.write { connection in
        for number in 0..<100 {
          let name = String(repeating: "\(number) ", count: 1_000)
          try connection.execute(
            "INSERT INTO runs (id, name) VALUES ($1, $2)",
            [.int(Int64(number)), .string(name)]
          )
        }
      }
    }
    #expect(error?.code == .full)
    #expect(try count(database) == 0)
    try database.write { try $0.execute("INSERT INTO runs (id, name) VALUES (1, 'a')") }
    #expect(try count(database) == 1)
  }

  @Test func `a writer that waits in vain is told so, and changes nothing`() throws {
    let patient = try open()
    let other = try SQLDatabase(path: path, durability: .process, busyTimeoutInSeconds: 0.01)
    let error = try patient.write { _ in
      #expect(throws: StorageError.self) { try other.write { try $0.execute("DELETE FROM runs") } }
    }
    #expect(error?.code == .busy)
    #expect(error?.message.contains("try again") == true)
    #expect(try count(other) == 0)
  }
}
