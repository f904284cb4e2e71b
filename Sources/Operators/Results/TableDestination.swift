import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// A table of the same warehouse.
///
/// Settings: `table` (or `user_table_name`), `database` (or `user_database_name`; else that of the query), `mode`: append, replace
/// or truncate, which both make the table anew.
struct TableDestination: ResultDestination {
  let table: TableName
  private let mode: ImportMode

  init(_ settings: Parameters, database: String?) throws {
    let named = try settings.text("database") ?? settings.text("user_database_name") ?? database
    let name = try settings.text("table") ?? settings.text("user_table_name")
    do {
      table = try TableName(settings.required(name, "table"), database: named ?? "")
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
    guard !table.database.isEmpty else {
      throw TaskFailure(.config, "Parameter 'database' is required but not set")
    }
    switch try settings.text("mode") ?? "append" {
    case "append": mode = .append
    case "replace", "truncate": mode = .overwrite
    case let other:
      throw TaskFailure(
        .config,
        "`mode` of a table of the warehouse must be append, replace or truncate, found `\(other)`"
      )
    }
  }

  var shown: String { "the table `\(table)`" }

  func write(_ rows: ResultRows) async throws -> QueryResult {
    if try await !rows.warehouse.databaseExists(table.database) {
      throw TaskFailure(
        .config,
        "the database `\(table.database)` of the result does not exist; make it with td_ddl>"
      )
    }
    return try await rows.put(into: table, mode)
  }
}
