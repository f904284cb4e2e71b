import GRDB
import Storage
import TestKit
import Testing
import Values

@Suite struct ConcurrentOpeningTests {
  /// Two runs of a new project that started together: one failed with "in use by another writer for too long" after a
  /// millisecond, because SQLite does not wait while another connection makes the file one with a write-ahead log.
  @Test func `who opens a new file while another one writes to it waits`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/tadoru.db"
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: path, configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    async let opening = SQLDatabase(path: path, durability: .process)
    // why: long enough to be met by one that does not wait
    try await ContinuousClock().sleep(for: .milliseconds(200))
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    let database = try await opening
    #expect(
      try database.read { try $0.row("PRAGMA journal_mode", [])?["journal_mode"]?.string } == "wal"
    )
  }
}
