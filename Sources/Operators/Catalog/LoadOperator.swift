import Foundation
public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_load>`: loads files, or the rows of another database, into a table.
///
/// ```yaml
/// +load:
///   td_load>: config/visits.yml
///   database: web
///   table: visits
/// ```
/// The value is a configuration as Embulk has it (`in`, `filters`, `out`), a file in which templates are filled; or `config:` holds
/// it; or `name:` means `load/NAME.yml`. `${secret:key}` works inside. Inputs: `file`, `http`, `s3`, `postgresql`, `sqlite3`;
/// parsers: `csv`, `tsv`, `json`, `jsonl`, `parquet`; `out: {mode: append}` or `replace`. All rows arrive or none. Stores
/// `td.last_job_id`, `td.last_job.id`, `td.last_job.num_records`.
public struct LoadOperator: Operator {
  private let warehouse: any Warehouse
  private let surroundings: OperatorSurroundings

  /// - Parameters:
  ///   - warehouse: where the table is.
  ///   - surroundings: the folder for files on the way, time, names.
  public init(warehouse: any Warehouse, surroundings: OperatorSurroundings) {
    self.warehouse = warehouse
    self.surroundings = surroundings
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let configuration = try LoadConfiguration(options, context)
    let table = try target(options, Parameters(configuration.output), context)
    context.parameters.useAll()
    do {
      return try await load(configuration, into: table, context)
    } catch let failure as TaskFailure {
      throw TaskFailure(
        failure.code,
        configuration.shown(failure.message),
        detail: failure.detail
      )
    } catch let error as WorkflowError {
      throw TaskFailure(
        .config,
        configuration.shown("`\(configuration.name)`: \(error.message)")
      )
    } catch let error as WarehouseError {
      let failure = TaskFailure(of: error)
      throw TaskFailure(failure.code, configuration.shown(failure.message))
    }
  }

  private func load(
    _ configuration: LoadConfiguration,
    into table: TableName,
    _ context: TaskContext
  ) async throws -> TaskOutcome {
    let mode = try Self.mode(Parameters(configuration.output))
    let folder = "\(surroundings.temporaryDirectory)/tadoru-load-\(surroundings.newID())"
    try Self.make(folder)
    defer {
      // why: what is left of it is in the folder for temporary files
      try? FileManager.default.removeItem(atPath: folder)
    }
    let input = Parameters(configuration.input, local: configuration.input.keys, task: "in")
    let job = surroundings.nextJobID()
    let key = context.writeKey(job: job)
    // Before the data is fetched: it may be gone by now.
    if let key, let record = try await warehouse.written(key) { return done(record, context) }
    let data = try await LoadInput(
      options: input,
      context: context,
      folder: folder,
      clock: surroundings.clock
    ).fetch()
    let source = try await source(data, input, configuration, folder, context)
    context.output.info(
      "job \(job): \(source.files.count) \(source.files.count == 1 ? "file" : "files") to \(table)"
    )
    let report =
      source.files.isEmpty
      ? ImportReport(rowCount: 0)
      : try await warehouse.load(source, into: table, mode: mode, once: key)
    if let record = report.earlier { return done(record, context) }
    for problem in report.problems {
      context.output.warn("row left out: \(configuration.shown(problem))")
    }
    if report.badRowCount > report.problems.count {
      context.output.warn("\(report.badRowCount) rows left out in all")
    }
    context.output.info("job \(job): \(report.rowCount) rows")
    return Self.stored(job, report.rowCount)
  }

  private func done(_ record: WriteRecord, _ context: TaskContext) -> TaskOutcome {
    context.output.info("job \(record.job): \(record.sentence)")
    return Self.stored(record.job, record.rowCount)
  }

  private static func stored(_ job: Int64, _ rowCount: Int) -> TaskOutcome {
    .done(TaskResult(store: ["td": .object(QueryJob.lastJob(job, rowCount: rowCount))]))
  }

  private func target(
    _ options: Parameters,
    _ output: Parameters,
    _ context: TaskContext
  ) throws -> TableName {
    let database =
      try output.text("database") ?? SQLTask.database(options, context)
    let table = try options.required(try options.text("table") ?? output.text("table"), "table")
    do {
      return try TableName(table, database: database)
    } catch {
      throw TaskFailure(.config, "`table`: \(error.message)")
    }
  }

  private static func mode(_ output: Parameters) throws -> ImportMode {
    let type = try output.text("type") ?? "td"
    guard ["td", "td_internal"].contains(type) else {
      throw TaskFailure(
        .config,
        "`out.type` must be `td`, found `\(type)`; `td_load>` writes to the warehouse only"
      )
    }
    switch try output.text("mode") ?? "append" {
    case "append": return .append
    case "replace", "overwrite", "truncate": return .overwrite
    case let mode:
      throw TaskFailure(.config, "`out.mode` must be `append` or `replace`, found `\(mode)`")
    }
  }

  private static func make(_ folder: String) throws(TaskFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
    } catch {
      throw TaskFailure(.runtime, "the folder `\(folder)` could not be made")
    }
  }
}

// What is known of the files.
extension LoadOperator {
  private func source(
    _ data: LoadedData,
    _ input: Parameters,
    _ configuration: LoadConfiguration,
    _ folder: String,
    _ context: TaskContext
  ) async throws -> TableSource {
    var source: TableSource
    if let table = data.table {
      source = TableSource(files: data.files, format: .csv(table.format), columns: table.columns)
    } else {
      let described = Parameters(
        try input.object("parser") ?? [:],
        local: try input.object("parser")?.keys ?? [],
        task: "in.parser"
      )
      let takesRecord = configuration.filters.contains {
        $0["type"] == "expand_json" && ($0["json_column_name"] ?? "record") == "record"
      }
      let parser = try LoadParser(described, files: data.files, takesRecord: takesRecord)
      let decoding = try FileDecoding(input.list("decoders") ?? [], charset: parser.charset)
      let decoded = try await decoding.decode(data.files, into: folder) { command in
        try await ChildProcess(
          command: command,
          environment: context.isolation.processes.environment(
            from: surroundings.environment,
            home: folder
          ),
          workingDirectory: folder,
          scratchFile: folder + "/scratch",
          // Programs of the system on files of the server's own; they read no more than that.
          policy: .open
        ).run(output: context.output.print)
      }
      source = TableSource(files: decoded.files, format: parser.format, columns: parser.columns)
      source.isGzip = decoded.isGzip
      source.skipsBadRows = !parser.stopsOnBadRows
      for warning in described.unusedWarnings() { context.output.warn(warning) }
    }
    for warning in input.unusedWarnings() { context.output.warn(warning) }
    guard !source.files.isEmpty else { return source }
    if source.columns == nil {
      let found = try await warehouse.columns(of: source)
      let list = found.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
      context.output.info("columns found in the data: \(list)")
      if !configuration.filters.isEmpty {
        source.columns = found.map { SourceColumn(name: $0.name, origin: .column($0.name)) }
      }
    }
    let filter = LoadFilter(now: Int64(surroundings.clock().timeIntervalSince1970))
    for entry in configuration.filters {
      source.columns = try filter.apply(entry, to: source.columns ?? [])
    }
    return source
  }
}
