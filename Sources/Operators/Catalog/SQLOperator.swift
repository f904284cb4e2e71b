public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td>`: runs a query on the warehouse.
///
/// ```yaml
/// +score:
///   td>: queries/auc.sql
///   engine: hive
///   store_last_results: true
/// ```
/// The query is a file (with templates), `td>: {data: …}`, or `query: …`. Options: `engine` (presto, or hive), `database`,
/// `create_table`, `insert_into`, `store_last_results` (false), `download_file`, `preview` (false); defaults come from an
/// exported `td:` map. Stores `td.last_job_id`, `td.last_job.id`, `td.last_job.num_records`, and with
/// `store_last_results` the first row as the map `td.last_results`.
public struct SQLOperator: Operator {
  private let warehouse: any Warehouse
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - warehouse: where the query runs.
  ///   - nextJobID: a number greater than all before.
  public init(warehouse: any Warehouse, nextJobID: @escaping @Sendable () -> Int64) {
    self.warehouse = warehouse
    self.nextJobID = nextJobID
  }

  /// What becomes of the rows.
  private enum Target {
    case create(TableName)
    case insert(TableName)
    case download(String)
    case keep(rows: Int)
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    try refuseExternalOutput(options)
    let task = try SQLTask(options, context)
    let keepsResults = try options.bool("store_last_results")
    let shows = try options.bool("preview")
    let target = try target(options, context, task, rows: shows ? QueryTable.rowLimit : 1)
    context.parameters.useAll()
    let job = nextJobID()
    context.output.info("job \(job): \(task.statement.dialect) \(task.name) on \(task.database)")
    let result = try await task.attempt { try await perform(target, task.statement) }
    context.output.info("job \(job): \(result.rowCount) rows")
    if shows { try await show(result, target, task, context.output) }
    return .done(stored(result, job: job, keepsResults: keepsResults))
  }

  private func target(
    _ options: Parameters,
    _ context: TaskContext,
    _ task: SQLTask,
    rows: Int
  ) throws -> Target {
    let created = try options.text("create_table")
    let inserted = try options.text("insert_into")
    let file = try options.text("download_file")
    if created != nil, inserted != nil {
      throw TaskFailure(.config, "Setting both insert_into and create_table is invalid")
    }
    if file != nil, created != nil || inserted != nil {
      throw TaskFailure(
        .config,
        "Setting download_file with \(created == nil ? "insert_into" : "create_table") is invalid: "
          + "such a query has no result to download"
      )
    }
    if let created { return .create(try Self.table(created, "create_table", task.database)) }
    if let inserted { return .insert(try Self.table(inserted, "insert_into", task.database)) }
    return file.map { .download(WorkflowFile($0, context).path) } ?? .keep(rows: rows)
  }

  private static func table(
    _ text: String,
    _ option: String,
    _ database: String
  ) throws(TaskFailure) -> TableName {
    do {
      return try TableName(text, database: database)
    } catch {
      throw TaskFailure(.config, "`\(option)`: \(error.message)")
    }
  }

  private func perform(_ target: Target, _ statement: SQLStatement) async throws -> QueryResult {
    switch target {
    case .create(let table): return try await warehouse.createTable(table, as: statement)
    case .insert(let table): return try await warehouse.insert(statement, into: table)
    case .keep(let rows): return try await warehouse.run(statement, rowLimit: rows)
    case .download(let path):
      var file = try CSVFile(path: path)
      var first: [[Value]] = []
      var result = try await warehouse.forEachBatch(of: statement) { batch in
        first += batch.rows.prefix(max(0, QueryTable.rowLimit - first.count))
        try file.append(batch)
      }
      try file.finish()
      result.rows = first
      return result
    }
  }

  private func show(
    _ result: QueryResult,
    _ target: Target,
    _ task: SQLTask,
    _ output: TaskOutput
  ) async throws {
    let table: QueryTable
    switch target {
    case .create(let name):
      table = QueryTable(result: try await preview(name, task), total: result.rowCount)
    case .insert(let name): table = QueryTable(result: try await preview(name, task), total: nil)
    case .download, .keep: table = QueryTable(result: result, total: result.rowCount)
    }
    for line in table.lines { output.info(line) }
  }

  private func preview(_ table: TableName, _ task: SQLTask) async throws -> QueryResult {
    try await task.attempt { try await warehouse.preview(table, limit: QueryTable.rowLimit) }
  }

  private func stored(_ result: QueryResult, job: Int64, keepsResults: Bool) -> TaskResult {
    var td: ObjectValue = [
      "last_job_id": .int(job),
      "last_job": ["id": .int(job), "num_records": .int(Int64(result.rowCount))],
    ]
    if keepsResults {
      td["last_results"] = .object(result.rows.isEmpty ? [:] : result.object(at: 0))
    }
    return TaskResult(
      store: ["td": .object(td)],
      reset: keepsResults ? [["td", "last_results"]] : []
    )
  }

  /// Connections to other services are none of this version's business, and a result must not vanish silently.
  private func refuseExternalOutput(_ options: Parameters) throws(TaskFailure) {
    let places =
      "a result can go to `insert_into`, `create_table`, `download_file` or `store_last_results`"
    if options.contains("result_settings"), !options.contains("result_connection") {
      throw TaskFailure(.config, "`result_settings` needs `result_connection`")
    }
    for option in ["result_connection", "result_url"] where options.contains(option) {
      throw TaskFailure(.config, "`\(option)` is not available in this version; \(places)")
    }
  }
}
