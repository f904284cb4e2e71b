import Foundation
import Operators
import SQLWarehouse
import Storage
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// One attempt of a test: the real engine, a clock of its own, nothing that reaches outside.
struct TestedAttempt {
  /// An attempt that waits longer than this by the test's clock is killed, as the service does.
  private static let longestLife = 7.0 * 86400
  /// Longer than any pause of a workflow.
  private static let lease = Duration.seconds(10 * 366 * 86400)

  let test: WorkflowTest
  let definition: WorkflowDefinition
  let project: LocalProject
  /// A folder of its own, removed by who made it.
  let folder: String

  struct Outcome {
    let status: AttemptStatus
    let tree: TaskTree
    let record: TestRecord
  }

  /// - Throws: ``TestFileProblem`` for a time that is none; `CommandFailure` when the engine cannot be set up.
  func run() async throws -> Outcome {
    let clock = try clock()
    let start = Double(clock.now)
    let record = TestRecord(now: start)
    let database = try SQLDatabase.inMemory()
    let store = try AttemptStore(database: database)
    let kept = KeptParameters(
      now: { record.state.withLock { $0.now } },
      database: { database }
    )
    if !test.kept.isEmpty { try kept.set(test.kept) }
    var machine = try AttemptStateMachine(root: definition.root)
    let claim = try begin(store, clock, &machine)
    let warehouse = try await warehouse()
    let (tests, secrets) = (test, test.secrets)
    let killing = Mutex<AttemptRunner?>(nil)
    let environment = AttemptEnvironment(
      identity: identity(clock),
      operators: operators(record, kept, warehouse),
      templates: TemplateEngine(momentFile: Home.ofThisProcess().moment, now: clock.now),
      sessionParameters: tests.parameters,
      builtIns: try builtIns(clock),
      secrets: { secrets[$0].map { Secret($0) } },
      projectDirectory: project.directory,
      attemptDirectory: folder,
      workers: 1,
      now: { record.state.withLock { $0.now } },
      listener: record.listener,
      heartbeat: Self.lease / 3,
      pause: { duration in
        // The beat of the heart never comes in the life of a test; all other pauses pass at once.
        if duration >= Self.lease / 3 { return try await Task.sleep(for: duration) }
        let now = record.state.withLock { state in
          state.now += duration / .seconds(1)
          return state.now
        }
        if now - start > Self.longestLife { killing.withLock { $0 }?.kill() }
      }
    )
    let runner = AttemptRunner(
      machine: machine,
      environment: environment,
      journal: store.journal(of: claim)
    )
    killing.withLock { $0 = runner }
    let status = try await runner.run()
    return Outcome(status: status, tree: await runner.tree, record: record)
  }
}

extension TestedAttempt {
  /// The times of a test, read in the zone of the workflow.
  struct Clock {
    let zone: ZoneRules
    let session: SessionTime
    let now: Int64
    let lastExecuted: Int64?
  }

  private func clock() throws -> Clock {
    let zone = try ZoneRules(definition.timezone)
    func time(_ text: String, _ key: String) throws(TestFileProblem) -> SessionTime {
      guard text != "now", text != "daily", text != "hourly" else {
        throw TestFileProblem(
          "`\(key)` of a test must be a fixed time, found `\(text)`",
          at: test.place
        )
      }
      do {
        return try SessionTime(parsing: text, in: zone, now: 0)
      } catch {
        throw TestFileProblem("`\(key)`: \(error.message)", at: test.place, hint: error.hint)
      }
    }
    let session = try time(test.session, "session")
    return Clock(
      zone: zone,
      session: session,
      now: try test.now.map { try time($0, "now").unixTime } ?? session.unixTime,
      lastExecuted: try test.lastExecuted.map { try time($0, "last_executed").unixTime }
    )
  }

  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private func begin(
    _ store: AttemptStore,
    _ clock: Clock,
    _ machine: inout AttemptStateMachine
  ) throws -> AttemptClaim {
    let session = try store.session(
      project: store.project(named: project.name),
      workflow: definition.name,
      time: clock.session.unixTime,
      newID: Self.uuid
    )
    let new = NewAttempt(
      session: session.id,
      definition: definition,
      parameters: test.parameters
    )
    let attempt = try store.begin(new, &machine, at: Double(clock.now))
    return try store.claim(attempt, owner: "test", lease: Self.lease, at: Double(clock.now))
  }

  private func identity(_ clock: Clock) -> AttemptIdentity {
    AttemptIdentity(
      projectID: 1,
      projectName: project.name,
      workflowName: definition.name,
      sessionID: 1,
      attemptID: 1,
      sessionTime: clock.session.text,
      sessionUnixTime: clock.session.unixTime,
      timezone: clock.zone.id
    )
  }

  private func builtIns(_ clock: Clock) throws -> @Sendable (String) -> ObjectValue {
    var session = SessionClock(
      zone: clock.zone,
      projectID: 1,
      sessionID: 1,
      attemptID: 1,
      sessionUUID: Self.uuid,
      sessionTime: clock.session.unixTime,
      lastExecutedSessionTime: clock.lastExecuted,
      projectPath: project.directory
    )
    if let raw = definition.schedule {
      session.setNeighbours(from: try Schedule(raw, timezone: definition.timezone))
    }
    let variables = try BuiltInVariables.make(
      session,
      taskName: "",
      sessionParameters: test.parameters
    )
    return { name in
      var variables = variables
      variables["task_name"] = .string(name)
      return variables
    }
  }

  private func operators(
    _ record: TestRecord,
    _ kept: KeptParameters,
    _ engine: (any Warehouse)?
  ) -> [String: any Operator] {
    let jobs = JobNumbers(after: 0)
    let real: [String: any Operator] = [
      "call": CallOperator(), "echo": EchoOperator(), "fail": FailOperator(),
      "for_each": ForEachOperator(), "for_range": ForRangeOperator(), "if": IfOperator(),
      "loop": LoopOperator(), "notify": NotifyOperator(), "param_get": ParameterGetOperator(kept),
      "param_set": ParameterSetOperator(kept), "store": StoreOperator(),
    ]
    var operators: [String: any Operator] = [:]
    for signature in OperatorSignature.all {
      operators[signature.name] = TestOperator(
        type: signature.name,
        real: real[signature.name],
        answers: test.answers,
        record: record,
        engine: engine,
        nextJobID: { jobs.next() }
      )
    }
    return operators
  }

  /// A real warehouse with the rows of the test; nil where no query is run.
  private func warehouse() async throws -> (any Warehouse)? {
    guard let tables = test.tables else { return nil }
    let warehouse = Wiring.warehouse(of: LocalProject(folder))
    for (name, rows) in tables {
      let table = try TableName(name, database: "")
      try await warehouse.apply(.createDatabase(table.database))
      guard !rows.isEmpty else {
        try await warehouse.apply(.createTable(table))
        continue
      }
      let statement = SQLStatement(text: TestRows(rows).query, dialect: .presto, database: nil)
      _ = try await warehouse.createTable(table, as: statement)
    }
    return warehouse
  }
}

/// Rows of a test as a query that gives them.
private struct TestRows {
  let rows: [ObjectValue]

  init(_ rows: [ObjectValue]) { self.rows = rows }

  var query: String {
    var names: [String] = []
    for row in rows { for key in row.keys where !names.contains(key) { names.append(key) } }
    let values = rows.map { row in
      "(" + names.map { literal(row[$0] ?? .null) }.joined(separator: ", ") + ")"
    }
    let columns = names.map { SQLDialect.presto.quoted($0) }.joined(separator: ", ")
    // why: the rows of a test become literals; quotes in them are doubled
    return "SELECT * FROM (VALUES \(values.joined(separator: ", "))) AS rows (\(columns))"
  }

  private func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .bool(let truth): truth ? "TRUE" : "FALSE"
    case .int(let number): String(number)
    case .double(let number): "DOUBLE '\(number)'"
    case .string(let text): "'" + text.replacing("'", with: "''") + "'"
    case .array, .object: "'" + JSON.encode(value).replacing("'", with: "''") + "'"
    }
  }
}
