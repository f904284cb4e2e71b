import Foundation
import TestKit
import Testing
import Values

@Suite struct SharedWarehouseTests {
  private static let inserting = """
    _export:
      td: {database: shop}
    +table:
      td_ddl>:
      create_databases: [shop]
      create_tables: [TABLE]
    +rows:
      loop>: 20
      _do:
        td>:
          data: SELECT ${i} AS n
        insert_into: TABLE
    """

  private func count(
    _ table: String,
    _ project: ProjectFixture
  ) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(
      ["query", "SELECT count(*) AS n FROM \(table)", "-d", "shop", "--format", "csv"],
      in: project.folder.path
    )
  }

  /// Asks again and again while others insert; rows never become fewer.
  private func watch(_ table: String, _ project: ProjectFixture) async throws {
    var counts: [Int] = []
    for _ in 1...8 {
      let outcome = try await count(table, project)
      #expect(outcome.status == 0, "\(outcome.errors)")
      counts.append(try #require(Int(outcome.output.split(separator: "\n").last ?? "")))
    }
    #expect(counts == counts.sorted())
  }

  @Test(.timeLimit(.minutes(3)))
  func `queries and two workflows use one warehouse at the same time`() async throws {
    let project = try ProjectFixture([
      "one.dig": Self.inserting.replacing("TABLE", with: "apples"),
      "two.dig": Self.inserting.replacing("TABLE", with: "pears"),
      "first.dig":
        "_export:\n  td: {database: shop}\n+a:\n  td_ddl>:\n  create_databases: [shop]\n  create_tables: [apples, pears]\n",
    ])
    #expect(try await project.run("first").outcome.status == 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for workflow in ["one", "two"] {
        group.addTask {
          let outcome = try await TadoruProcess.run(["run", workflow], in: project.folder.path)
          #expect(outcome.status == 0, "\(outcome.errors)")
        }
      }
      group.addTask { try await watch("apples", project) }
      try await group.waitForAll()
    }
    for table in ["apples", "pears"] {
      #expect(try await count(table, project).output == "n\n20\n")
    }
  }
}
