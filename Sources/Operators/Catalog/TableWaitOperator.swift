public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_wait_table>`: waits until a table is there.
///
/// ```yaml
/// +arrived:
///   td_wait_table>: events
///   rows: 1000
///   interval: 1m
/// ```
/// The value is `table` or `db.table`. Options: `rows` (0: the table must merely exist; else it must have so many), `interval`
/// (30 s, and no less), `database`, `engine`; defaults come from an exported `td:` map. Holds no worker while it waits. Stores
/// nothing.
public struct TableWaitOperator: Operator {
  private let warehouse: any Warehouse

  public init(warehouse: any Warehouse) { self.warehouse = warehouse }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let database = try SQLTask.database(options, context)
    let interval = try PollInterval.read(options)
    let wanted = Int(try options.int("rows") ?? 0)
    guard wanted >= 0 else {
      throw TaskFailure(.config, "`rows` must be 0 or more, found \(wanted)")
    }
    _ = options.contains("engine")
    do {
      let table = try TableName(options.requiredText("_command"), database: database)
      let found = try await rows(of: table, atMost: wanted)
      if let found, found >= wanted { return .done(TaskResult()) }
      let state = found.map { "has \($0) of \(wanted) rows" } ?? "is not there"
      context.output.info("table \(table) \(state); next look in \(interval)")
      return .poll(after: interval, state: [:])
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
  }

  /// The number of rows as far as it matters; nil without the table.
  private func rows(of table: TableName, atMost limit: Int) async throws -> Int? {
    guard try await warehouse.tableExists(table) else { return nil }
    guard limit > 0, try await !warehouse.columns(of: table).isEmpty else { return 0 }
    // why: names cannot be bound
    let text = "SELECT 1 AS found FROM \(SQLDialect.presto.quoted(table)) LIMIT \(limit)"
    let statement = SQLStatement(
      text: text,
      dialect: .presto,
      database: table.database
    )
    return try await warehouse.run(statement, rowLimit: 1).rowCount
  }
}
