import Foundation
import TestKit
import Testing
import Values

/// What a process leaves that is killed between the commit of its rows and the saving of the task.
///
/// Such a store is made by hand, from that of a session that succeeded: every task that writes is running again.
@Suite struct RepeatedWriteTests {
  private static let workflow = """
    _export:
      td: {database: db}
    +prepare:
      td_ddl>:
      create_databases: [db]
      create_tables: [hand, old]
    +tasks:
      +insert:
        td>: {data: "SELECT 1 AS n"}
        insert_into: inserted
      +hand:
        td>: {data: "INSERT INTO hand SELECT 1 AS n; SELECT count(*) AS c FROM hand"}
        store_last_results: true
      +saved:
        td_run>: grow
      +load:
        td_load>:
        config:
          in: {type: file, path_prefix: n.csv, parser: {type: csv, skip_header_lines: 1, columns: [{name: n, type: long}]}}
        table: loaded
      +send:
        td>: {data: "SELECT 1 AS n"}
        result_connection: other
        result_settings: {table: sent}
      +made:
        td>: {data: "SELECT 1 AS n"}
        create_table: made
      +rename:
        td_ddl>:
        rename_tables: [{from: old, to: new}]
      +each:
        td_for_each>: {data: "INSERT INTO made SELECT 2 AS n; SELECT n FROM made ORDER BY n"}
        _do:
          echo>: "each ${td.each.n}"
      +delete:
        td_partial_delete>: made_later
        from: 0
        to: 10
    +after:
      echo>: "job ${td.last_job_id}, c ${td.last_results.c}"

    """

  private func repeatTasks(_ project: ProjectFixture) async throws {
    let script = """
      import sqlite3
      base = sqlite3.connect('.tadoru/tadoru.db')
      base.execute("UPDATE attempts SET status = 'running', finished_at = NULL")
      written = "full_name LIKE '+w+tasks+%' AND full_name NOT LIKE '%^sub%'"
      base.execute("DELETE FROM tasks WHERE full_name LIKE '%^sub%'")
      base.execute(f"UPDATE tasks SET state = 'running', store_params = '{{}}', reset_params = '[]', finished_at = NULL WHERE {written}")
      base.execute("UPDATE tasks SET state = 'planned', finished_at = NULL WHERE full_name IN ('+w', '+w+tasks')")
      base.execute("UPDATE tasks SET state = 'blocked', started_at = NULL, finished_at = NULL WHERE full_name = '+w+after'")
      base.commit()
      """
    let outcome = try await TadoruProcess.run(
      ["-c", script],
      in: project.folder.path,
      executable: TestPython.path
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  private func rows(_ query: String, _ project: ProjectFixture) async throws -> Value {
    let outcome = try await TadoruProcess.run(
      ["query", query, "-d", "db", "--format", "json"],
      in: project.folder.path
    )
    return try JSON.decode(outcome.output)
  }

  private func project() async throws -> ProjectFixture {
    let project = try ProjectFixture([
      "w.dig": Self.workflow, "n.csv": "n\n1\n", "connections.yml": "other: {type: td}\n",
      "queries/saved/grow.sql": "-- database: db\nINSERT INTO hand SELECT 1 AS n",
    ])
    for text in ["CREATE SCHEMA db", "CREATE TABLE made_later AS SELECT 5 AS time"] {
      _ = try await rows(text, project)
    }
    return project
  }

  @Test func `every write is done once, and its task gets the job and the rows of then`()
    async throws
  {
    let project = try await project()
    let session = ["--session", "2024-01-01"]
    let first = try await project.run("w", session)
    try #require(first.outcome.status == 0, "\(first.outcome.errors)")
    try await repeatTasks(project)
    // What is gone since then is not looked for.
    try FileManager.default.removeItem(atPath: project.folder.path + "/n.csv")
    _ = try await rows("INSERT INTO made_later SELECT 6 AS time", project)

    let second = try await project.run("w", session)
    #expect(second.outcome.status == 0, "\(second.outcome.errors)")
    #expect(second.outcome.errors.components(separatedBy: "was done already").count == 10)
    for table in ["inserted", "loaded", "sent"] {
      #expect(try await rows("SELECT n FROM \(table)", project) == [["n": 1]], "\(table)")
    }
    #expect(try await rows("SELECT count(*) AS c FROM hand", project) == [["c": 2]])
    #expect(try await rows("SELECT n FROM made ORDER BY n", project) == [["n": 1], ["n": 2]])
    #expect(try await rows("SELECT time FROM made_later", project) == [["time": 6]])
    #expect(second.outcome.output.contains("each 1\neach 2\n"))
    for name in ["insert", "hand", "saved", "load", "send", "made", "each"] {
      let jobs = [first, second].map {
        $0.report.tasks("+w+tasks+\(name)").last?[path: ["store", "td", "last_job"]]
      }
      #expect(jobs[0] != nil && jobs[0] == jobs[1], "\(name): \(jobs)")
    }
  }

  @Test func `a session that is run anew writes anew`() async throws {
    let project = try await project()
    let session = ["--session", "2024-01-01"]
    let first = try await project.run("w", session)
    try #require(first.outcome.status == 0, "\(first.outcome.errors)")
    _ = try await rows("CREATE TABLE old AS SELECT 1 AS n", project)
    let second = try await project.run("w", session + ["--rerun"])
    #expect(second.outcome.status == 0, "\(second.outcome.errors)")
    #expect(try await rows("SELECT count(*) AS c FROM inserted", project) == [["c": 2]])
  }
}
