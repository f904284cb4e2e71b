import Foundation
import Storage
import TestKit
import Testing
import Values

/// Copies of a database that is in use.
@Suite struct SnapshotTests {
  private static let pairs = [
    Migration(
      name: "0001-pairs",
      statements: [
        "CREATE TABLE pairs (writer INTEGER NOT NULL, side TEXT NOT NULL, number INTEGER NOT NULL)"
      ]
    )
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func database() throws -> SQLDatabase {
    let database = try SQLDatabase(path: folder.path + "/tadoru.db", durability: .process)
    try database.migrate(Self.pairs, room: "Pairs")
    return database
  }

  private func insert(_ number: Int, by writer: Int, _ database: SQLDatabase) throws {
    try database.write { connection in
      for side in ["left", "right"] {
        try connection.execute(
          "INSERT INTO pairs (writer, side, number) VALUES ($1, $2, $3)",
          [.int(Int64(writer)), .string(side), .int(Int64(number))]
        )
      }
    }
  }

  @Test func `a copy made among writers has whole transactions, in order, and all that was before`()
    async throws
  {
    let databases = [try database(), try database(), try database()]
    for writer in 0..<3 { try insert(0, by: writer, databases[writer]) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (writer, database) in databases.enumerated() {
        group.addTask {
          for number in 1...60 { try insert(number, by: writer, database) }
        }
      }
      for copy in 0..<5 {
        group.addTask {
          let path = folder.path + "/copy-\(copy).db"
          try SQLDatabase.reading(path: folder.path + "/tadoru.db").snapshot(to: path)
          let rows = try SQLDatabase.reading(path: path).read { connection in
            try connection.rows(
              """
              SELECT writer, count(*) AS n, max(number) AS last,
                count(*) FILTER (WHERE side = 'left') AS lefts
              FROM pairs GROUP BY writer
              """
            )
          }
          #expect(rows.count == 3)
          for row in rows {
            let last = row["last"]?.int ?? -1
            #expect(row["n"]?.int == 2 * (last + 1))
            #expect(row["lefts"]?.int == last + 1)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a copy is for its owner only and is never written over a file`() throws {
    let database = try database()
    let path = folder.path + "/copy.db"
    try database.snapshot(to: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let error = #expect(throws: StorageError.self) { try database.snapshot(to: path) }
    #expect(error?.code == .io)
    #expect(error?.message.contains(path) == true)
  }

  @Test func `a database that is opened for reading refuses to be changed, and is not made`() throws
  {
    try insert(1, by: 1, database())
    let reading = try SQLDatabase.reading(path: folder.path + "/tadoru.db")
    try reading.migrate(Self.pairs, room: "Pairs")
    let refused = #expect(throws: StorageError.self) {
      try reading.write { try $0.execute("DELETE FROM pairs") }
    }
    #expect(refused?.code == .readOnly)
    let missing = #expect(throws: StorageError.self) {
      try SQLDatabase.reading(path: folder.path + "/other.db")
    }
    #expect(missing?.code == .io)
    #expect(!folder.contains("other.db"))
  }
}
