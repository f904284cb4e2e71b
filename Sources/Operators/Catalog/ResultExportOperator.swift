import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_result_export>`: sends the result of an earlier job to where results can go.
///
/// ```yaml
/// +query:
///   td>: queries/summary.sql
/// +export:
///   td_result_export>:
///   job_id: ${td.last_job_id}
///   result_connection: my_storage
///   result_settings: {bucket: reports, path: "daily/${session_date}.csv.gz"}
/// ```
/// `job_id`, `result_connection` and `result_settings` (a map) are needed; they may also stand in the operator's own map. The
/// job is one of `td>`, `td_run>` or `td_for_each>` of this project. The rows of a small result are those the job gave; the
/// query of a large one runs again.
/// Stores `td.last_job_id`, `td.last_job.id`, `td.last_job.num_records` of the export.
public struct ResultExportOperator: Operator {
  private let targets: ResultTargets
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - targets: the jobs that are kept, and where results can go.
  ///   - nextJobID: a number greater than all before.
  init(targets: ResultTargets, nextJobID: @escaping @Sendable () -> Int64) {
    self.targets = targets
    self.nextJobID = nextJobID
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.withOwnMap()
    let number = try options.required(options.int("job_id"), "job_id")
    _ = try options.requiredText("result_connection")
    _ = try options.required(options.object("result_settings"), "result_settings")
    let job = try job(number)
    let id = nextJobID()
    let destination = try options.required(
      targets.destination(options, context, database: job.statement.database, job: number),
      "result_connection"
    )
    let rows = ResultRows(
      warehouse: targets.warehouse,
      source: source(job, context.output),
      once: context.writeKey(job: id),
      scratch: targets.scratch
    )
    context.output.info("job \(id): the result of job \(number) goes to \(destination.shown)")
    let result: QueryResult
    do {
      result = try await destination.write(rows)
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
    let done = result.earlier?.job ?? id
    context.output.info(
      "job \(done): \(result.earlier?.sentence ?? "\(result.rowCount) rows")"
    )
    return .done(
      TaskResult(store: ["td": .object(QueryJob.lastJob(done, rowCount: result.rowCount))])
    )
  }

  private func job(_ number: Int64) throws -> JobRecord {
    guard let job = try targets.services.jobs.job(number) else {
      throw TaskFailure(
        .config,
        "the job \(number) is not known: `job_id` is what an earlier td> of this project stored as `td.last_job_id`; "
          + "the last \(JobArchive.mostJobs) jobs are remembered"
      )
    }
    if let table = job.table {
      throw TaskFailure(
        .config,
        "the job \(number) wrote its rows to the table `\(table)` and has no result; send those with a td> that selects them"
      )
    }
    return job
  }

  private func source(_ job: JobRecord, _ output: TaskOutput) -> ResultRows.Source {
    if let rows = job.rows {
      return .kept(rows, database: job.statement.database ?? "")
    }
    output.info(
      "the result of job \(job.id) of \(job.taskName) was not kept (\(job.rowCount) rows); its query runs again"
    )
    return .query(job.statement)
  }
}

extension Parameters {
  /// These parameters with the keys of the operator's own map, as in `td_result_export>: {job_id: 1}`, on top.
  func withOwnMap() -> Parameters {
    guard let own = values["_command"]?.object else { return self }
    useAll()
    return Parameters(values.merging(own), local: own.keys, task: task)
  }
}
