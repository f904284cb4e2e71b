import Foundation
import TestKit
import Values

/// A session whose tasks each write a number of their own to the warehouse, with its process killed again and again.
///
/// The numbers are written in each way there is: `insert_into`, an INSERT written by hand, `td_load>` with append, and a
/// result that goes to a table. Previews make the time longer between the commit of the rows and the saving of the task.
struct WarehouseCrashLife {
  /// Numbers for each table.
  static let width = 16
  static let tables = ["inserted", "written", "loaded", "sent"]

  static let workflow = """
    _export:
      td: {database: db, preview: true}
    +prepare:
      td_ddl>:
      create_databases: [db]
      create_tables: [written]
    +wide:
      _parallel: true
    \(steps)
    """

  static let files: [String: String] = {
    var files = [
      "crash.dig": workflow,
      "connections.yml": "other: {type: td, mode: append}\n",
    ]
    for number in 0..<width { files["numbers/\(number).csv"] = "n\n\(number)\n" }
    return files
  }()

  private static let steps = (0..<width).map { number in
    """
      +insert-\(number):
        td>: {data: "SELECT \(number) AS n"}
        insert_into: inserted
      +write-\(number):
        td>: {data: "INSERT INTO written SELECT \(number) AS n"}
      +load-\(number):
        td_load>:
        config:
          in:
            type: file
            path_prefix: numbers/\(number).csv
            parser: {type: csv, skip_header_lines: 1, columns: [{name: n, type: long}]}
          out: {mode: append}
        table: loaded
      +send-\(number):
        td>: {data: "SELECT \(number) AS n"}
        result_connection: other
        result_settings: {table: sent}
    """
  }.joined(separator: "\n")

  /// What came of a life.
  struct Result: Sendable {
    var kills = 0
    var status: Int32 = 0
    /// Writes that a process found done by one before it.
    var foundDone = 0
    /// Table → its numbers, sorted; as JSON has them.
    var numbers: [String: [Int64]] = [:]
    var attempts = 0
  }

  let project: ProjectFixture
  /// How long the process lives at each start, in milliseconds; after the last it may run to its end.
  let pauses: [Int]

  func run() async throws -> Result {
    var result = Result()
    for pause in pauses.map(Optional.some) + [nil] {
      let outcome = try await start(killedAfter: pause)
      result.foundDone += outcome.errors.split(separator: "\n").count {
        $0.contains("was done already")
      }
      result.status = outcome.status
      guard outcome.status == 128 + SIGKILL else { break }
      result.kills += 1
    }
    for table in Self.tables { result.numbers[table] = try await numbers(in: table) }
    let attempts = try await TadoruProcess.run(["attempts", "--json"], in: project.folder.path)
    result.attempts = try JSON.decode(attempts.output).array?.count ?? 0
    return result
  }

  private func start(killedAfter pause: Int?) async throws -> TadoruProcess.Outcome {
    let process = TadoruProcess(
      ["run", "crash", "--session", "2024-01-01", "--parallel", "6"],
      in: project.folder.path
    )
    try process.start()
    if let pause {
      try await ContinuousClock().sleep(for: .milliseconds(pause))
      process.send(SIGKILL)
    }
    return await process.finish()
  }

  private func numbers(in table: String) async throws -> [Int64] {
    let outcome = try await TadoruProcess.run(
      ["query", "SELECT n FROM db.\(table) ORDER BY n", "--format", "json"],
      in: project.folder.path
    )
    return try JSON.decode(outcome.output).array?.compactMap { $0.object?["n"]?.int } ?? []
  }
}
