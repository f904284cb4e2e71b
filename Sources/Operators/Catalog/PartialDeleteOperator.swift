public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_partial_delete>`: deletes the rows of a table whose `time` is in a range.
///
/// ```yaml
/// +clean:
///   td_partial_delete>: events
///   from: 2024-01-01 00:00:00
///   to: ${session_unixtime}
/// ```
/// The value is `table` or `db.table`. Options: `from` (kept out of the table from here) and `to` (up to but not including),
/// both Unix seconds or `yyyy-MM-dd HH:mm:ss[ Z]` (UTC without a zone); `database`; defaults come from an exported `td:` map.
/// Stores nothing.
public struct PartialDeleteOperator: Operator {
  private let warehouse: any Warehouse

  public init(warehouse: any Warehouse) { self.warehouse = warehouse }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let database = try SQLTask.database(options, context)
    let (from, to) = (try TimeOption.read("from", options), try TimeOption.read("to", options))
    guard from < to else {
      throw TaskFailure(.config, "`from` must be before `to`, found \(from) and \(to)")
    }
    do {
      let table = try TableName(options.requiredText("_command"), database: database)
      guard try await warehouse.tableExists(table) else {
        throw TaskFailure(.config, "table \(table) does not exist")
      }
      // A table without columns has no rows.
      guard try await !warehouse.columns(of: table).isEmpty else { return .done(TaskResult()) }
      let name = SQLDialect.presto.quoted(table)
      // why: names cannot be bound, and the rest are integers
      let text = "DELETE FROM \(name) WHERE time >= \(from) AND time < \(to)"
      var statement = SQLStatement(text: text, dialect: .presto, database: table.database)
      statement.once = context.writeKey()
      let result = try await warehouse.run(statement, rowLimit: 1)
      let what = "the rows of \(table) from \(from) to \(to)"
      context.output.info(result.earlier.map { "\(what): \($0.sentence)" } ?? "deleted \(what)")
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
    return .done(TaskResult())
  }
}
