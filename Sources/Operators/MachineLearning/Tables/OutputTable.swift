import SQLWarehouse
import Values
import WorkflowEngine

/// A table that a notebook's results go to, checked before the notebook runs.
struct OutputTable {
  /// The option that named it, for messages.
  let option: String
  let name: TableName
  let mode: ImportMode

  /// The table of an option; nil when the option is absent.
  ///
  /// Its database need not exist yet.
  ///
  /// - Throws: ``TaskFailure`` `config` when it is no name of a table.
  static func find(
    _ option: String,
    of request: NotebookRequest,
    in values: ObjectValue,
    warehouse: any Warehouse,
    mode: ImportMode = .overwrite
  ) async throws -> OutputTable? {
    guard let name = try request.table(option, in: values) else { return nil }
    let databases = try await warehouse.databases()
    let database = InputTable.spelled(name.database, among: databases) ?? name.database
    return OutputTable(
      option: option,
      name: TableName(database: database, table: name.table),
      mode: mode
    )
  }

  /// Loads a file that the notebook wrote.
  ///
  /// - Throws: ``TaskFailure`` that says where the file lies.
  ///
  /// Rows are appended once, also when the task runs again because its process ended; a table that is replaced holds the
  /// rows of the last run.
  func load(_ file: String, into warehouse: any Warehouse, _ context: TaskContext) async throws {
    let output = context.output
    do {
      if try await !warehouse.databaseExists(name.database) {
        try await warehouse.apply(.createDatabase(name.database))
        output.info("`\(option)`: the database `\(name.database)` is new")
      }
      let report = try await warehouse.load(
        TableSource(.parquet(path: file)),
        into: name,
        mode: mode,
        once: mode == .append ? context.writeKey(option) : nil
      )
      let rows = "\(report.rowCount) rows into `\(name)`"
      output.info("`\(option)`: \(report.earlier.map { "\(rows): \($0.sentence)" } ?? rows)")
    } catch let error as WarehouseError {
      let failure = TaskFailure(of: error)
      throw TaskFailure(
        failure.code,
        "`\(option)`: `\(name)` could not be written: \(failure.message); the result is kept in `\(file)`"
      )
    }
  }
}
