import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_table_export>`: writes the rows of a table, of a range of time, to storage or to a folder.
///
/// ```yaml
/// +backup:
///   td_table_export>:
///   database: shop
///   table: events
///   file_format: jsonl.gz
///   from: 2024-01-01 00:00:00
///   to: 2024-02-01 00:00:00
///   s3_bucket: my-backup
///   s3_path_prefix: shop/events
/// ```
/// Options: `table` (`t` or `db.t`), `database`, `file_format` (tsv.gz, jsonl.gz, json.gz, line-json.gz; the last three are the same
/// JSON lines), `from` and `to` (Unix seconds or `yyyy-MM-dd HH:mm:ss[ Z]`; the rows with `from <= time < to`), `s3_bucket`,
/// `s3_path_prefix`, `region`, `endpoint`, `path_style_access`; or instead of the bucket `folder`, on this machine. They may
/// also stand in the operator's own map; defaults come from an exported `td:` map. Secrets: see `S3Settings`. The file is `PREFIX/TABLE-FROM-TO.FORMAT`, times in Unix seconds.
/// Stores `td.last_job_id`, `td.last_job.id`, `td.last_job.num_records`.
public struct TableExportOperator: Operator {
  private let targets: ResultTargets
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - targets: the warehouse.
  ///   - nextJobID: a number greater than all before.
  init(targets: ResultTargets, nextJobID: @escaping @Sendable () -> Int64) {
    self.targets = targets
    self.nextJobID = nextJobID
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.withOwnMap().defaults(from: "td")
    let (from, to) = (try TimeOption.read("from", options), try TimeOption.read("to", options))
    guard from < to else {
      throw TaskFailure(.config, "`from` must be before `to`, found \(from) and \(to)")
    }
    let format = try Self.format(options.requiredText("file_format"))
    try SQLTask.passOver(options)
    do {
      let table = try TableName(
        options.requiredText("table"),
        database: SQLTask.database(options, context)
      )
      let name = "\(table.table)-\(from)-\(to).\(format.suffix)"
      let destination = try destination(options, context, format, name: name)
      try await check(table)
      let id = nextJobID()
      context.output.info("job \(id): \(table) goes to \(destination.shown)")
      let rows = ResultRows(
        warehouse: targets.warehouse,
        source: .query(Self.query(table, from, to)),
        scratch: targets.scratch
      )
      let result = try await destination.write(rows)
      context.output.info("job \(id): \(result.rowCount) rows")
      return .done(
        TaskResult(store: ["td": .object(QueryJob.lastJob(id, rowCount: result.rowCount))])
      )
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
  }

  private static func format(_ written: String) throws(TaskFailure) -> RowFormat {
    var format: RowFormat
    switch written {
    case "tsv.gz": format = RowFormat(.tsv)
    case "jsonl.gz", "json.gz", "line-json.gz": format = RowFormat(.jsonl)
    default:
      throw TaskFailure(
        .config,
        "`file_format` must be tsv.gz, jsonl.gz, json.gz or line-json.gz, found `\(written)`"
      )
    }
    format.isPacked = true
    return format
  }

  private static func query(_ table: TableName, _ from: Int64, _ to: Int64) -> SQLStatement {
    let name = SQLDialect.presto.quoted(table)
    // why: names cannot be bound, and the rest are integers
    let text = "SELECT * FROM \(name) WHERE time >= \(from) AND time < \(to) ORDER BY time"
    return SQLStatement(text: text, dialect: .presto, database: table.database)
  }

  private func destination(
    _ options: Parameters,
    _ context: TaskContext,
    _ format: RowFormat,
    name: String
  ) throws -> any ResultDestination {
    let bucket = try options.text("s3_bucket")
    let prefix = try options.text("s3_path_prefix") ?? ""
    let folder = try options.text("folder")
    switch (bucket, folder) {
    case (let bucket?, nil):
      let key = prefix.isEmpty || prefix.hasSuffix("/") ? prefix + name : "\(prefix)/\(name)"
      return StorageDestination(
        object: S3Object(bucket: bucket, key: String(key.drop { $0 == "/" })),
        format: format,
        client: S3Client(
          try S3Settings(options, context.secrets),
          network: context.isolation.network,
          clock: targets.clock
        )
      )
    case (nil, let folder?):
      let path = folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      return try FileDestination(path, format, context)
    case (nil, nil):
      throw TaskFailure(
        .config,
        "Parameter 's3_bucket' is required but not set; or set `folder` to write to this machine"
      )
    case (_?, _?):
      throw TaskFailure(.config, "Setting both s3_bucket and folder is invalid")
    }
  }

  private func check(_ table: TableName) async throws {
    guard try await targets.warehouse.tableExists(table) else {
      throw TaskFailure(.config, "table \(table) does not exist")
    }
    let columns = try await targets.warehouse.columns(of: table)
    guard columns.contains(where: { $0.name.lowercased() == "time" }) else {
      throw TaskFailure(
        .config,
        columns.isEmpty
          ? "table \(table) has no columns: nothing has been inserted into it yet"
          : "table \(table) has no column `time`, which `from` and `to` are about"
      )
    }
  }
}
