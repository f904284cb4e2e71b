public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_for_each>`: runs `_do` once for each row of a query.
///
/// ```yaml
/// +each_country:
///   td_for_each>: queries/countries.sql
///   _parallel: {limit: 3}
///   _do:
///     echo>: ${td.each.country} has ${td.each.rows} rows
/// ```
/// The query and its options are those of `td>`, without `create_table`, `insert_into`, `download_file` and
/// `store_last_results`. A row is exported as `td.each`; a null column is absent; lists and maps are an error. No rows: nothing
/// runs. Stores `td.last_job_id`, `td.last_job.id`, `td.last_job.num_records`.
public struct SQLForEachOperator: Operator {
  private let warehouse: any Warehouse
  private let jobs: JobArchive
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - warehouse: where the query runs.
  ///   - jobs: remembers the query.
  ///   - nextJobID: a number greater than all before.
  init(
    warehouse: any Warehouse,
    jobs: JobArchive,
    nextJobID: @escaping @Sendable () -> Int64
  ) {
    self.warehouse = warehouse
    self.jobs = jobs
    self.nextJobID = nextJobID
  }

  /// For tests of workflows: no job is remembered.
  public init(warehouse: any Warehouse, nextJobID: @escaping @Sendable () -> Int64) {
    self.init(warehouse: warehouse, jobs: JobArchive(folder: nil), nextJobID: nextJobID)
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let task = try SQLTask(options, context)
    context.parameters.useAll()
    guard context.parameters.contains("_do") else {
      throw TaskFailure(.config, "Parameter '_do' is required but not set")
    }
    let id = nextJobID()
    context.output.info("job \(id): \(task.statement.dialect) \(task.name) on \(task.database)")
    var statement = task.statement
    statement.once = context.writeKey(job: id)
    let result = try await task.attempt { [statement] in
      try await warehouse.run(statement, rowLimit: context.taskLimit)
    }
    let job = result.earlier?.job ?? id
    context.output.info("job \(job): \(result.earlier?.sentence ?? "\(result.rowCount) rows")")
    let iterations = Iterations(kind: "td_for_each", context: context)
    guard result.rowCount <= context.taskLimit else { throw iterations.tooMany() }
    let rows = try result.rows.indices.map { try Self.row(result.object(at: $0), number: $0 + 1) }
    let group = try iterations.group(count: rows.count) { position in
      ("+td-for-each-\(position)", ["td": ["each": .object(rows[position])]])
    }
    jobs.remember(
      JobRecord(
        id: job,
        taskName: context.taskName,
        statement: task.statement,
        rows: result,
        rowCount: result.rowCount
      ),
      context.output
    )
    let stored = QueryJob.lastJob(job, rowCount: result.rowCount)
    return .done(TaskResult(store: ["td": .object(stored)], subtasks: group))
  }

  private static func row(_ row: ObjectValue, number: Int) throws(TaskFailure) -> ObjectValue {
    var exported = ObjectValue()
    for (column, value) in row {
      switch value {
      case .null: break
      case .bool, .int, .double, .string: exported[column] = value
      case .array, .object:
        throw TaskFailure(
          .runtime,
          "column `\(column)` of row \(number) is \(value.kind == "array" ? "a list" : "a map"); "
            + "td_for_each> needs texts, numbers and booleans"
        )
      }
    }
    return exported
  }
}
