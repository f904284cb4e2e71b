import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

@Suite(
  .enabled(
    if: PostgreSQLTestServer.isInstalled,
    "PostgreSQL's server is not installed: apt-get install postgresql"
  )
)
struct PostgreSQLOperatorTests {
  private let task: TestTask
  private let database: TestPostgreSQL
  private let pg: PostgreSQLOperator

  init() async throws {
    task = try TestTask()
    database = try await TestPostgreSQL()
    let count = Mutex(0)
    pg = PostgreSQLOperator(newID: {
      count.withLock {
        $0 += 1
        return "key-\($0)"
      }
    })
  }

  /// Runs a task through its polls.
  @discardableResult
  private func run(_ local: ObjectValue, state: ObjectValue = [:]) async throws -> TaskResult {
    var state = state
    while true {
      switch try await pg.run(context(local, state: state)) {
      case .done(let result): return result
      case .poll(_, let next): state = next
      }
    }
  }

  private func context(_ local: ObjectValue, state: ObjectValue = [:]) throws -> TaskContext {
    try task.context(local, exports: database.exports, secrets: database.secrets, state: state)
  }

  private func failure(_ local: ObjectValue) async -> String {
    do {
      try await run(local)
      return "no failure"
    } catch let error as WorkflowError {
      return error.message + " (config)"
    } catch {
      return "\(error)"
    }
  }

  @Test func `makes a table of a query from a file with templates`() async throws {
    try task.folder.write(
      "WITH n AS (SELECT generate_series(1, ${limit}) AS id)\nSELECT id, id * 2 AS twice FROM n",
      to: "q/n.sql"
    )
    try await run(["_command": "q/n.sql", "create_table": "public.numbers", "limit": 3])
    #expect(try await database.rows("SELECT * FROM numbers") == [[1, 2], [2, 4], [3, 6]])
    try await run(["_command": "q/n.sql", "create_table": "numbers", "limit": 1])
    #expect(try await database.rows("SELECT * FROM numbers") == [[1, 2]])
    #expect(task.log.contains("1 rows"))
  }

  @Test func `quotes the names of tables`() async throws {
    let name = "odd \"one\"; DROP TABLE x"
    try await run(["query": "SELECT 1 AS a", "create_table": .string(name)])
    try await run(["_command": ["data": "SELECT 2 AS a"], "insert_into": .string(name)])
    #expect(
      try await database.rows("SELECT a FROM \(PostgreSQLText.quoted(name: name)) ORDER BY a")
        == [[1], [2]]
    )
  }

  @Test func `runs several statements as one transaction`() async throws {
    try await run(["query": "CREATE TABLE t (id int); INSERT INTO t VALUES (1)"])
    let words = await failure(["query": "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES ('x')"])
    #expect(
      words
        == "query line 2:23: PostgreSQL: invalid input syntax for type integer: \"x\" (SQLSTATE 22P02) (runtime)"
    )
    #expect(try await database.rows("SELECT * FROM t") == [[1]])
  }

  @Test func `a task repeated after a crash commits once`() async throws {
    try await database.execute("CREATE TABLE t (id int)")
    let local: ObjectValue = ["query": "SELECT 1 AS id", "insert_into": "t"]
    guard case .poll(let pause, let state) = try await pg.run(context(local)) else {
      Issue.record("the key was not saved first")
      return
    }
    #expect(pause == .zero)
    #expect(try await database.rows("SELECT count(*) FROM t") == [[0]])
    try await run(local, state: state)
    try await run(local, state: state)
    #expect(try await database.rows("SELECT count(*) FROM t") == [[1]])
    #expect(task.log.contains("committed by an earlier try"))
    #expect(
      try await database.rows("SELECT query_id, completed_at IS NOT NULL FROM __digdag_status")
        == [["key-1", true]]
    )
  }

  @Test func `waits while the transaction of an earlier try still runs`() async throws {
    let local: ObjectValue = ["query": "CREATE TABLE made (id int)"]
    try await run(["query": "SELECT 1"])
    try await database.execute("INSERT INTO __digdag_status VALUES ('lost', now())")
    let earlier = try await database.connection()
    try await earlier.transaction {
      try await earlier.execute("SELECT * FROM __digdag_status WHERE query_id = 'lost' FOR UPDATE")
      var state: ObjectValue = ["query_id": "lost"]
      for expected in [1, 2, 4] {
        guard case .poll(let pause, let next) = try await pg.run(context(local, state: state))
        else {
          Issue.record("did not wait")
          return
        }
        #expect(pause == .seconds(expected))
        state = next
      }
    }
    try await run(local, state: ["query_id": "lost"])
    #expect(try await database.rows("SELECT * FROM made") == [])
  }

  @Test func `forgets old keys`() async throws {
    try await run(["query": "SELECT 1"])
    try await database.execute(
      "UPDATE __digdag_status SET completed_at = now() - interval '25 hours'"
    )
    try await run(["query": "SELECT 1"])
    #expect(try await database.rows("SELECT query_id FROM __digdag_status") == [["key-2"]])
  }

  @Test func `keeps its status where it is told, or nowhere`() async throws {
    try await database.execute("CREATE SCHEMA s")
    try await run([
      "query": "SELECT 1", "status_table": "done", "status_table_schema": "s",
    ])
    #expect(try await database.rows("SELECT count(*) FROM s.done") == [[1]])
    try await run(["query": "CREATE TABLE t (id int)", "strict_transaction": false])
    #expect(try await database.rows("SELECT to_regclass('__digdag_status') IS NULL") == [[true]])
  }

  @Test func `says what to do when the status table cannot be made`() async throws {
    try await database.execute(
      "CREATE ROLE weak_\(database.server.database) LOGIN PASSWORD 'w'; REVOKE CREATE ON SCHEMA public FROM public"
    )
    let weak: ObjectValue = [
      "query": "SELECT 1", "user": .string("weak_" + database.server.database),
      "password_override": "weak",
    ]
    let failure = await task.failure(
      Once(pg),
      weak,
      exports: database.exports,
      secrets: ["pg.weak": "w"]
    )
    #expect(failure.contains("the status table `__digdag_status` cannot be made"))
    #expect(failure.contains("`strict_transaction: false`"))
  }

  /// Gives the operator a key, so that it does not poll.
  private struct Once: Operator {
    let inner: PostgreSQLOperator
    init(_ inner: PostgreSQLOperator) { self.inner = inner }
    func run(_ context: TaskContext) async throws -> TaskOutcome {
      guard case .poll(_, let state) = try await inner.run(context) else {
        return .done(TaskResult())
      }
      return try await inner.run(
        TaskContext(
          taskName: context.taskName,
          attempt: context.attempt,
          parameters: context.parameters,
          workingDirectory: context.workingDirectory,
          projectDirectory: context.projectDirectory,
          attemptDirectory: context.attemptDirectory,
          state: state,
          templates: context.templates,
          secrets: context.secrets,
          output: context.output,
          taskLimit: context.taskLimit,
          location: context.location
        )
      )
    }
  }

  @Test func `stores the first row, or all`() async throws {
    let query: Value =
      "SELECT id, 'n' || id AS name, NULL AS nothing FROM generate_series(1, 2) AS id"
    let first = try await run(["query": query, "store_last_results": "first"])
    #expect(first.store == ["pg": ["last_results": ["id": 1, "name": "n1", "nothing": nil]]])
    #expect(first.reset == [["pg", "last_results"]])
    let all = try await run(["query": query, "store_last_results": "all"])
    #expect(
      all.store == [
        "pg": [
          "last_results": [
            ["id": 1, "name": "n1", "nothing": nil], ["id": 2, "name": "n2", "nothing": nil],
          ]
        ]
      ]
    )
    let none = try await run(["query": "SELECT 1 AS a WHERE false", "store_last_results": "first"])
    #expect(none.store == ["pg": ["last_results": [:]]])
  }

  // The limits are digdag's (docs/operators/pg.md there): 8192 rows, 64 columns, 256 characters.
  @Test(
    arguments: [
      ("SELECT generate_series(1, 8192)", nil),
      ("SELECT generate_series(1, 8193)", "number of result rows exceeded the limit: 8193 > 8192"),
      ("SELECT " + (1...64).map { "1 AS c\($0)" }.joined(separator: ", "), nil),
      (
        "SELECT " + (1...65).map { "1 AS c\($0)" }.joined(separator: ", "),
        "number of result columns exceeded the limit: 65 > 64"
      ),
      ("SELECT repeat('é', 256)", nil),
      ("SELECT repeat('x', 257)", "length of a result value exceeded the limit: 257 > 256"),
    ] as [(String, String?)]
  )
  func `keeps to the limits of stored results`(query: String, refusal: String?) async throws {
    let words = await failure(["query": .string(query), "store_last_results": "all"])
    #expect(refusal.map { words.contains($0) } ?? (words == "no failure"), "\(words)")
  }

  @Test func `downloads rows as CSV`() async throws {
    try await run([
      "query": "SELECT 1 AS id, 'a, \"b\"' AS text, NULL AS nothing, true AS yes",
      "download_file": "out.csv",
    ])
    #expect(
      try String(contentsOfFile: task.folder.path + "/out.csv", encoding: .utf8)
        == "id,text,nothing,yes\r\n1,\"a, \"\"b\"\"\",,true\r\n"
    )
  }

  @Test func `refuses to write where rows are asked for`() async throws {
    let words = await failure([
      "query": "CREATE TABLE t AS SELECT 1", "store_last_results": "first",
    ])
    #expect(words.contains("read-only transaction"))
    try await database.execute("CREATE TABLE u (id int)")
    let deletion = await failure(["query": "DELETE FROM u RETURNING id", "download_file": "x.csv"])
    #expect(deletion.contains("(SQLSTATE 25006)"))
    #expect(!task.folder.contains("x.csv"))
  }

  @Test func `refuses what does not go together`() async throws {
    #expect(
      await failure(["query": "SELECT 1", "create_table": "a", "insert_into": "b"])
        .hasPrefix("Setting both create_table and insert_into is invalid")
    )
    #expect(
      await failure(["query": "SELECT 1", "download_file": "a", "store_last_results": "all"])
        .hasPrefix("Setting both download_file and store_last_results is invalid")
    )
    #expect(
      await failure(["query": "SELECT 1", "store_last_results": true])
        == "store_last_results must be either of `false`, `first`, or `all`, found `true` (config)"
    )
    #expect(await failure(["query": " "]) == "the query is empty (config)")
    #expect(await failure(["_command": "no.sql"]) == "File not found: no.sql (config)")
    #expect(
      await failure(["query": "SELECT 1", "port": "99999"])
        == "`port` must be a number from 1 to 65535, found `99999` (config)"
    )
    #expect(
      await failure(["query": "SELECT 1", "password_override": "other"])
        == "Secret not found for key: 'pg.other', which `password_override` names (config)"
    )
    let none = await task.failure(pg, ["query": "SELECT 1"])
    #expect(none == "Parameter 'host' is required but not set (config)")
  }

  @Test func `takes connections from secrets first`() async throws {
    let exports: ObjectValue = ["pg": ["host": "nowhere.invalid", "store_last_results": "first"]]
    var secrets = database.secrets
    secrets["pg.host"] = database.server.host
    secrets["pg.port"] = String(database.server.port)
    secrets["pg.user"] = database.server.user
    secrets["pg.database"] = database.server.database
    let result = try await task.run(
      pg,
      ["query": "SELECT current_user AS who"],
      exports: exports,
      secrets: secrets
    )
    #expect(result.store == ["pg": ["last_results": ["who": "tester"]]])
  }

  @Test func `places an error in the file of the query`() async throws {
    try task.folder.write("-- daily\nSELECT id,\n  nosuch\nFROM (SELECT 1 AS id) AS t", to: "q.sql")
    let words = await failure(["_command": "q.sql", "create_table": "t"])
    #expect(
      words == "q.sql:3:3: PostgreSQL: column \"nosuch\" does not exist (SQLSTATE 42703) (config)"
    )
  }
}
