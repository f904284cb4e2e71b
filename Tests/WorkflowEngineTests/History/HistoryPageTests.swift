import Storage
import Testing
import Values

@testable import WorkflowEngine

@Suite struct HistoryPageTests {
  private static func filled() throws -> SQLDatabase {
    let database = try SQLDatabase.inMemory()
    _ = try AttemptStore(database: database)
    try database.write { connection in
      try connection.execute("INSERT INTO projects (id, name) VALUES (1, 'a'), (2, 'b')")
      try connection.execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        INSERT INTO sessions (id, project_id, workflow, session_time, uuid)
        SELECT i, CASE WHEN i % 100 = 0 THEN 2 ELSE 1 END, 'w' || (i % 3), i, 'u' || i FROM n
        """
      )
      try connection.execute(
        """
        INSERT INTO attempts (id, session_id, status, params, timezone, created_at, project_id, workflow)
        SELECT id, id, 'success', '{}', 'UTC', 0, project_id, workflow FROM sessions
        """
      )
    }
    return database
  }

  @Test func `pages follow one another without gaps`() throws {
    let history = AttemptHistory(database: try Self.filled())
    var page = HistoryPage(limit: 50)
    page.projects = [1]
    var found: [Int64] = []
    while case let attempts = try history.attempts(page), !attempts.isEmpty {
      found += attempts.map(\.id)
      page.lastID = attempts.last?.id
    }
    #expect(found == (1...300).reversed().filter { $0 % 100 != 0 })
    page.lastID = nil
    page.projects = [2]
    #expect(try history.sessions(page).map(\.id) == [300, 200, 100])
    page.projects = [2, 1]
    page.limit = 3
    #expect(try history.attempts(page).map(\.id) == [300, 299, 298])
    #expect(try history.sessions(page).map(\.id) == [300, 299, 298])
    page.projects = []
    #expect(try history.attempts(page).isEmpty)
  }

  @Test(arguments: [
    ("attempts a WHERE a.project_id = 1 AND a.id < 9", "attempts_of_project"),
    (
      "attempts a WHERE a.project_id = 1 AND a.workflow = 'w1' AND a.id < 9", "attempts_of_workflow"
    ),
    ("sessions a WHERE a.project_id = 1 AND a.id < 9", "sessions_of_project"),
    (
      "sessions a WHERE a.project_id = 1 AND a.workflow = 'w1' AND a.id < 9", "sessions_of_workflow"
    ),
    ("attempts a WHERE a.status = 'running'", "attempts_by_status"),
  ])
  func `a page is read from an index, in its order`(query: String, index: String) throws {
    let plan = try Self.filled().read { connection in
      try connection.rows("EXPLAIN QUERY PLAN SELECT * FROM \(query) ORDER BY a.id DESC LIMIT 10")
    }
    let text = plan.compactMap { $0["detail"]?.string }.joined(separator: "\n")
    #expect(text.contains(index) && !text.contains("TEMP B-TREE"), "\(text)")
  }

  @Test func `an attempt tells its project and its place among those of its session`() throws {
    let history = AttemptHistory(database: try Self.filled())
    let summary = try #require(try history.attempt(200))
    #expect(summary.projectID == 2 && summary.index == 1 && summary.revision == nil)
  }
}
