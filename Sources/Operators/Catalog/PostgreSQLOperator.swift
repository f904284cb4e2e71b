import SQLWarehouse
public import Values
public import WorkflowEngine
import WorkflowLanguage

/// `pg>`: runs a query on a PostgreSQL server.
///
/// ```yaml
/// +daily:
///   pg>: queries/daily.sql
///   host: db.example.com
///   database: shop
///   user: report
///   create_table: daily_sales
/// ```
/// The query is a file (with templates), `pg>: {data: …}`, or `query: …`. Options: `host`, `port` (5432), `database`, `user`,
/// `ssl` (false), `schema`, `password_override`; one of `create_table`, `insert_into`, `download_file`, `store_last_results`
/// (false, first, all); `strict_transaction` (true), `status_table` (`__digdag_status`), `status_table_schema`; defaults come
/// from an exported `pg:` map. The password is the secret `pg.password`. Stores `pg.last_results` with `store_last_results`.
/// A statement that writes is committed once, also when the task is tried again after a crash.
public struct PostgreSQLOperator: Operator {
  private let newID: @Sendable () -> String

  /// - Parameter newID: a text that was never given before.
  public init(newID: @escaping @Sendable () -> String) { self.newID = newID }

  /// What becomes of the rows.
  private enum Target {
    case create(PostgreSQLTable)
    case insert(PostgreSQLTable)
    case download(WorkflowFile)
    case store(LastResults)
    case nothing
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool {
    parameters.names("download_file", defaults: "pg")
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "pg")
    let server = try PostgreSQLServer(options, context.secrets).held(to: context)
    let target = try Self.target(options, context)
    let query = try PostgreSQLQuery(options, context)
    let once = try transaction(options, key: context.state["query_id"]?.string)
    context.parameters.useAll()
    do {
      switch target {
      case .download(let file): return .done(try await download(query, to: file, server, context))
      case .store(let which): return .done(try await store(query, which, server, context))
      case .create, .insert, .nothing:
        return try await write(query, target, once, server, context)
      }
    } catch let failure as PostgreSQLFailure {
      throw failure.taskFailure
    }
  }

  private static func target(_ options: Parameters, _ context: TaskContext) throws -> Target {
    var targets: [(option: String, target: Target)] = []
    if let name = try options.text("create_table") {
      targets.append(("create_table", .create(try table(name, "create_table"))))
    }
    if let name = try options.text("insert_into") {
      targets.append(("insert_into", .insert(try table(name, "insert_into"))))
    }
    if let name = try options.text("download_file") {
      targets.append(("download_file", .download(try WorkflowFile(name, context))))
    }
    if let which = try LastResults(options) {
      targets.append(("store_last_results", .store(which)))
    }
    guard targets.count < 2 else {
      throw TaskFailure(
        .config,
        "Setting both \(targets[0].option) and \(targets[1].option) is invalid: one task gives its rows to one place"
      )
    }
    return targets.first?.target ?? .nothing
  }

  private static func table(
    _ text: String,
    _ option: String
  ) throws(TaskFailure) -> PostgreSQLTable {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else {
      throw TaskFailure(
        .config,
        "`\(option)` must be `table` or `schema.table`, found `\(text)`"
      )
    }
    return PostgreSQLTable(
      schema: parts.count == 2 ? parts[0] : nil,
      name: parts[parts.count - 1]
    )
  }

  /// nil with `strict_transaction: false`; without a key the task has to remember one first.
  private func transaction(
    _ options: Parameters,
    key: String?
  ) throws -> TransactionOnce? {
    let table = PostgreSQLTable(
      schema: try options.text("status_table_schema"),
      name: try options.text("status_table") ?? "__digdag_status"
    )
    let retention = try options.duration("status_table_cleanup") ?? .seconds(86400)
    guard try options.bool("strict_transaction", default: true) else { return nil }
    return TransactionOnce(table: table, key: key ?? newID(), retention: retention)
  }
}

// Queries with rows: on a connection that refuses to write.
extension PostgreSQLOperator {
  private func download(
    _ query: PostgreSQLQuery,
    to file: WorkflowFile,
    _ server: PostgreSQLServer,
    _ context: TaskContext
  ) async throws -> TaskResult {
    let csv = try ResultFile(path: file.path, format: RowFormat(.csv), option: "download_file")
    let count = try await read(query, server) { batch in
      let columns = batch.columns.map { TableColumn(name: $0.name, type: $0.typeName) }
      try csv.append(RowBatch(columns: columns, rows: batch.rows))
    }
    try csv.finish()
    context.output.info("\(count) rows to `\(file.name)`")
    return TaskResult()
  }

  private func store(
    _ query: PostgreSQLQuery,
    _ which: LastResults,
    _ server: PostgreSQLServer,
    _ context: TaskContext
  ) async throws -> TaskResult {
    var rows: [ObjectValue] = []
    let count = try await read(query, server) { try which.collect($0, into: &rows) }
    context.output.info("\(count) rows")
    return TaskResult(
      store: ["pg": ["last_results": which.value(rows)]],
      reset: [["pg", "last_results"]]
    )
  }

  private func read(
    _ query: PostgreSQLQuery,
    _ server: PostgreSQLServer,
    _ body: (PostgreSQLBatch) async throws -> Void
  ) async throws -> Int {
    let connection = try await PostgreSQLConnection.open(server)
    return try await connection.transaction(readOnly: true) {
      try await query.attempt { text in try await connection.query(text) { try await body($0) } }
    }
  }
}

// Statements that write.
extension PostgreSQLOperator {
  private func write(
    _ query: PostgreSQLQuery,
    _ target: Target,
    _ once: TransactionOnce?,
    _ server: PostgreSQLServer,
    _ context: TaskContext
  ) async throws -> TaskOutcome {
    guard let once else {
      let connection = try await PostgreSQLConnection.open(server)
      try await connection.transaction { try await perform(query, target, connection, context) }
      return .done(TaskResult())
    }
    // The key is saved before it is used, so that a try after a crash knows it.
    guard context.state["query_id"] != nil else {
      return .poll(after: .zero, state: ["query_id": .string(once.key)])
    }
    let connection = try await PostgreSQLConnection.open(server)
    let outcome = try await once.run(on: connection) {
      try await perform(query, target, connection, context)
    }
    switch outcome {
    case .done: break
    case .wasDone: context.output.info("the transaction was committed by an earlier try")
    case .runsElsewhere:
      let pause = min(context.state["pause"]?.int ?? 1, 30)
      context.output.info("the transaction of an earlier try still runs on the server")
      var state = context.state
      state["pause"] = .int(pause * 2)
      return .poll(after: .seconds(pause), state: state)
    }
    do {
      try await once.cleanUp(on: connection)
    } catch let failure as PostgreSQLFailure {
      context.output.warn("old keys stay in the status table `\(once.table)`: \(failure)")
    }
    return .done(TaskResult())
  }

  private func perform(
    _ query: PostgreSQLQuery,
    _ target: Target,
    _ connection: PostgreSQLConnection,
    _ context: TaskContext
  ) async throws {
    var prefix = ""
    switch target {
    case .create(let table):
      try await connection.execute("DROP TABLE IF EXISTS \(table.quoted)")
      prefix = "CREATE TABLE \(table.quoted) AS\n"
    // why: the name is quoted
    case .insert(let table): prefix = "INSERT INTO \(table.quoted)\n"
    case .download, .store, .nothing: break
    }
    let count = try await query.attempt(behind: prefix) { text in
      try await connection.execute(text)
    }
    for notice in try await connection.takeNotices() { context.output.info("notice: \(notice)") }
    context.output.info("\(count) rows")
  }
}
