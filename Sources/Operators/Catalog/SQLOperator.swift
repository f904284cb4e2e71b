public import SQLWarehouse
public import Values
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
/// `create_table`, `insert_into`, `store_last_results` (false), `download_file`, `preview` (false), `result_url`, or
/// `result_connection` with `result_settings`; defaults come from an exported `td:` map. Stores `td.last_job_id`,
/// `td.last_job.id`, `td.last_job.num_records`, and with `store_last_results` the first row as the map `td.last_results`.
public struct SQLOperator: Operator {
  private let targets: ResultTargets
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - targets: the warehouse, and where results can go.
  ///   - nextJobID: a number greater than all before.
  init(targets: ResultTargets, nextJobID: @escaping @Sendable () -> Int64) {
    self.targets = targets
    self.nextJobID = nextJobID
  }

  /// For tests of workflows: results go nowhere, and no job is remembered.
  public init(warehouse: any Warehouse, nextJobID: @escaping @Sendable () -> Int64) {
    self.init(targets: ResultTargets(rehearsing: warehouse), nextJobID: nextJobID)
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool {
    parameters.names("download_file", defaults: "td")
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let task = try SQLTask(options, context)
    let id = nextJobID()
    let job = QueryJob(
      id: id,
      task: task,
      target: try target(options, context, task, job: id),
      keepsResults: try options.bool("store_last_results"),
      isShown: try options.bool("preview"),
      targets: targets
    )
    context.parameters.useAll()
    return try await job.run(context)
  }

  private func target(
    _ options: Parameters,
    _ context: TaskContext,
    _ task: SQLTask,
    job: Int64
  ) throws -> QueryJob.Target {
    let created = try options.text("create_table")
    let inserted = try options.text("insert_into")
    let file = try options.text("download_file")
    if created != nil, inserted != nil {
      throw TaskFailure(.config, "Setting both insert_into and create_table is invalid")
    }
    let writer = created != nil ? "create_table" : "insert_into"
    if file != nil, created != nil || inserted != nil {
      throw TaskFailure(
        .config,
        "Setting download_file with \(writer) is invalid: such a query has no result to download"
      )
    }
    let destination = try targets.destination(
      options,
      context,
      database: task.database,
      job: job
    )
    if destination != nil, created != nil || inserted != nil {
      throw TaskFailure(
        .config,
        "Setting result_connection or result_url with \(writer) is invalid: such a query has no result to send"
      )
    }
    if let created { return .create(try Self.table(created, "create_table", task.database)) }
    if let inserted { return .insert(try Self.table(inserted, "insert_into", task.database)) }
    let path = try file.map { try WorkflowFile($0, context).path }
    if let destination { return .send(destination, download: path) }
    return path.map { .download($0) } ?? .keep
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
}
