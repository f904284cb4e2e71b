import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// One query of a task, from its options to what it leaves behind: what `td>` and `td_run>` have in common.
struct QueryJob: Sendable {
  /// What becomes of the rows.
  enum Target: Sendable {
    case create(TableName)
    case insert(TableName)
    case send(any ResultDestination, download: String?)
    case download(String)
    case keep
  }

  let id: Int64
  let task: SQLTask
  let target: Target
  /// Stores the first row.
  let keepsResults: Bool
  /// Logs some rows.
  let isShown: Bool
  let targets: ResultTargets

  func run(_ context: TaskContext) async throws -> TaskOutcome {
    let output = context.output
    output.info("job \(id): \(task.statement.dialect) \(task.name) on \(task.database)")
    let result = try await task.attempt { try await perform(context) }
    let job = result.earlier?.job ?? id
    output.info("job \(job): " + (result.earlier?.sentence ?? "\(result.rowCount) rows" + sent))
    keep(job, result, context)
    if isShown { try await preview(result, output) }
    return .done(stored(job, result))
  }

  private var sent: String {
    if case .send(let destination, _) = target { " to \(destination.shown)" } else { "" }
  }

  private func perform(_ context: TaskContext) async throws -> QueryResult {
    let warehouse = targets.warehouse
    var statement = task.statement
    statement.once = context.writeKey(job: id)
    switch target {
    case .create(let table): return try await warehouse.createTable(table, as: statement)
    case .insert(let table): return try await warehouse.insert(statement, into: table)
    case .keep: return try await warehouse.run(statement, rowLimit: JobArchive.mostRows)
    case .download(let path): return try await rows(statement, path).forEachBatch { _ in }
    case .send(let destination, let path):
      return try await destination.write(rows(statement, path))
    }
  }

  private func rows(_ statement: SQLStatement, _ download: String?) -> ResultRows {
    ResultRows(
      warehouse: targets.warehouse,
      source: .query(statement),
      download: download,
      once: statement.once,
      scratch: targets.scratch
    )
  }

  /// Remembers the job for `td_result_export>`.
  private func keep(_ job: Int64, _ result: QueryResult, _ context: TaskContext) {
    var record = JobRecord(
      id: job,
      taskName: context.taskName,
      statement: task.statement,
      rowCount: result.rowCount
    )
    switch target {
    case .create(let table), .insert(let table): record.table = "\(table)"
    case .keep: record.rows = result.truncated || result.columns.isEmpty ? nil : result
    case .download, .send: break
    }
    targets.services.jobs.remember(record, context.output)
  }

  /// A preview that cannot be had fails no task whose rows are written: a retry would write them again.
  private func preview(_ result: QueryResult, _ output: TaskOutput) async throws {
    do {
      try await show(result, output)
    } catch let failure as TaskFailure {
      output.warn("no preview: \(failure.message)")
    }
  }

  private func show(_ result: QueryResult, _ output: TaskOutput) async throws {
    let table: QueryTable
    switch target {
    case .create(let name): table = QueryTable(result: try await some(name), total: result.rowCount)
    case .insert(let name): table = QueryTable(result: try await some(name), total: nil)
    case .send(let destination as TableDestination, _):
      table = QueryTable(result: try await some(destination.table), total: nil)
    case .send, .download, .keep: table = QueryTable(result: result, total: result.rowCount)
    }
    for line in table.lines { output.info(line) }
  }

  private func some(_ table: TableName) async throws -> QueryResult {
    try await task.attempt {
      try await targets.warehouse.preview(table, limit: QueryTable.rowLimit)
    }
  }

  private func stored(_ job: Int64, _ result: QueryResult) -> TaskResult {
    var td = Self.lastJob(job, rowCount: result.rowCount)
    if keepsResults {
      td["last_results"] = .object(result.rows.isEmpty ? [:] : result.object(at: 0))
    }
    return TaskResult(
      store: ["td": .object(td)],
      reset: keepsResults ? [["td", "last_results"]] : []
    )
  }

  /// What every operator that runs a job stores below `td`.
  static func lastJob(_ id: Int64, rowCount: Int) -> ObjectValue {
    ["last_job_id": .int(id), "last_job": ["id": .int(id), "num_records": .int(Int64(rowCount))]]
  }
}
