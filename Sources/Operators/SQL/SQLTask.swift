import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// The query of a `td…>` task: its text, where it was written, and what it runs with.
struct SQLTask: Sendable {
  let statement: SQLStatement
  let database: String
  /// `queries/auc.sql`; nil when the text stands in the workflow.
  private let file: String?
  private let location: SourceLocation?

  /// Reads the query from a file, from `data:`, or from `query:`.
  ///
  /// - Parameters:
  ///   - options: the task's parameters with the defaults of `td`.
  ///   - context: gives the file its templates, and the header its names.
  /// - Throws: ``TaskFailure`` or `WorkflowError` for a missing file, an unknown engine, a database that is not named.
  init(_ options: Parameters, _ context: TaskContext) throws {
    database = try Self.database(options, context)
    let engine = try options.text("engine") ?? "presto"
    guard let dialect = SQLDialect(rawValue: engine) else { throw Self.unknown(engine: engine) }
    try Self.passOver(options)
    let source = try Self.source(options, context)
    guard source.text.contains(where: { !$0.isWhitespace }) else {
      throw TaskFailure(.config, "the query\(source.file.map { " in `\($0)`" } ?? "") is empty")
    }
    file = source.file
    location = context.location
    statement = SQLStatement(
      text: source.text,
      dialect: dialect,
      database: database,
      session: QuerySession(scheduledTime: context.attempt.sessionUnixTime),
      header: Self.header(context)
    )
  }

  /// A query that is kept in a file of its own and has no templates.
  ///
  /// Messages name the file; without a scheduled time `TD_SCHEDULED_TIME()` gives the session's.
  init(
    _ query: (text: String, dialect: SQLDialect, database: String),
    file: String,
    scheduledTime: Int64?,
    _ context: TaskContext
  ) {
    database = query.database
    self.file = file
    location = context.location
    statement = SQLStatement(
      text: query.text,
      dialect: query.dialect,
      database: query.database,
      session: QuerySession(scheduledTime: scheduledTime ?? context.attempt.sessionUnixTime),
      header: Self.header(context)
    )
  }

  /// `queries/auc.sql`, or what stands for it when the text is in the workflow.
  var name: String { file ?? "query" }

  /// Runs a piece of work on the warehouse; its errors get the file and the line of the query.
  func attempt<Outcome>(_ work: () async throws -> Outcome) async throws -> Outcome {
    do {
      return try await work()
    } catch let error as WarehouseError {
      throw failure(error)
    }
  }

  private func failure(_ error: WarehouseError) -> TaskFailure {
    let reason = error.message + (error.hint.map { "; \($0)" } ?? "")
    let code = TaskFailure(of: error).code
    if let file {
      return TaskFailure(code, "\(file)\(error.place.map { ":\($0)" } ?? ""): \(reason)")
    }
    let line = error.place.map { "query line \($0): " } ?? ""
    return TaskFailure(code, "\(location.map { "\($0): " } ?? "")\(line)\(reason)")
  }

  /// The database of a task: the secret `td.database`, then the option.
  static func database(_ options: Parameters, _ context: TaskContext) throws -> String {
    let option = try options.text("database")
    let name = try options.required(
      context.secrets["td.database"]?.reveal() ?? option,
      "database"
    )
    guard name.contains(where: { !$0.isWhitespace }) else {
      throw TaskFailure(.config, "Parameter 'database' is empty")
    }
    return name
  }

  static func unknown(engine: String) -> TaskFailure {
    TaskFailure(
      .config,
      "Unknown 'engine:' option (available options are: hive and presto): \(engine)"
    )
  }

  /// Reads the options of the cloud service that change nothing here; what cannot be meant is refused all the same.
  static func passOver(_ options: Parameters) throws {
    let priority = try options.int("priority") ?? 0
    guard (-2...2).contains(priority) else {
      throw TaskFailure(.config, "`priority` must be -2 to 2, found \(priority)")
    }
    let retries = try options.int("job_retry") ?? 0
    guard retries >= 0 else {
      throw TaskFailure(.config, "`job_retry` must be 0 or more, found \(retries)")
    }
    for name in passedOver { _ = options.contains(name) }
  }

  private static let passedOver = [
    "pool_name", "presto_pool_name", "hive_pool_name", "engine_version", "hive_engine_version",
    "endpoint",
    "use_ssl", "proxy",
  ]

  private static func source(
    _ options: Parameters,
    _ context: TaskContext
  ) throws -> (text: String, file: String?) {
    guard let command = options.value("_command"), command != "" else {
      guard let query = try options.text("query") else {
        throw TaskFailure(
          .config,
          "a query is needed: name an SQL file, or write `{data: …}` or `query: …`"
        )
      }
      return (query, nil)
    }
    if let inline = command.object { return (try Parameters(inline).requiredText("data"), nil) }
    let file = try WorkflowFile(try options.requiredText("_command"), context)
    return (try file.templated(context, defaults: "td"), file.name)
  }

  private static func header(_ context: TaskContext) -> [String] {
    let attempt = context.attempt
    return [
      "project_id: \(attempt.projectID)", "project_name: \(attempt.projectName)",
      "workflow_name: \(attempt.workflowName)", "session_id: \(attempt.sessionID)",
      "attempt_id: \(attempt.attemptID)", "task_name: \(context.taskName)",
    ]
  }
}
