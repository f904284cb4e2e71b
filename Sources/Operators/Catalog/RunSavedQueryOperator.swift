import SQLWarehouse
public import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_run>`: runs a saved query of the project.
///
/// ```yaml
/// +report:
///   td_run>: monthly_report
///   session_time: 2024-01-01T00:00:00+00:00
///   download_file: report.csv
/// ```
/// The value is the name of a file `queries/saved/NAME.sql`, or the number that it notes as `-- id: 12345`. Its comment lines may also
/// note `database` and `engine`, which win over the options. The text has no templates. Options: `session_time` (this session's;
/// what `TD_SCHEDULED_TIME()` gives), `database`, `engine`, `download_file`, `store_last_results` (false), `preview` (false);
/// defaults come from an exported `td:` map. Stores what `td>` stores.
public struct RunSavedQueryOperator: Operator {
  private let targets: ResultTargets
  private let nextJobID: @Sendable () -> Int64

  /// - Parameters:
  ///   - targets: the warehouse, and where results can go.
  ///   - nextJobID: a number greater than all before.
  init(targets: ResultTargets, nextJobID: @escaping @Sendable () -> Int64) {
    self.targets = targets
    self.nextJobID = nextJobID
  }

  public func writesFiles(_ parameters: ObjectValue) -> Bool {
    parameters.names("download_file", defaults: "td")
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let query = try SavedQuery.find(
      options.requiredText("_command"),
      in: context.projectDirectory,
      within: context.isolation.files
    )
    try SQLTask.passOver(options)
    let task = SQLTask(
      (
        text: query.text,
        dialect: try query.engine ?? Self.engine(options),
        database: try query.database ?? SQLTask.database(options, context)
      ),
      file: query.file,
      scheduledTime: options.contains("session_time")
        ? try TimeOption.read("session_time", options) : nil,
      context
    )
    let id = nextJobID()
    let path = try options.text("download_file").map { try WorkflowFile($0, context).path }
    let job = QueryJob(
      id: id,
      task: task,
      target: path.map { .download($0) } ?? .keep,
      keepsResults: try options.bool("store_last_results"),
      isShown: try options.bool("preview"),
      targets: targets
    )
    return try await job.run(context)
  }

  private static func engine(_ options: Parameters) throws -> SQLDialect {
    let engine = try options.text("engine") ?? "presto"
    guard let dialect = SQLDialect(rawValue: engine) else { throw SQLTask.unknown(engine: engine) }
    return dialect
  }
}
