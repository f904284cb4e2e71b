public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_ddl>`: creates, drops, empties and renames databases and tables.
///
/// ```yaml
/// +prepare:
///   td_ddl>:
///   create_databases: [results]
///   create_tables: [experiments, "results.scores"]
/// ```
/// Options, all lists (or the JSON text of one): `drop_databases`, `create_databases`, `empty_databases`, `drop_tables`,
/// `create_tables`, `empty_tables`, `rename_tables` (`[{from, to}]`); and `database`. The order is fixed: databases are
/// dropped, created, emptied; tables are dropped, created, emptied, renamed. All of it may be repeated. Stores nothing.
/// The options may also stand inside the operator's own map, as workflows in the field have them.
public struct SQLSchemaOperator: Operator {
  private let warehouse: any Warehouse

  public init(warehouse: any Warehouse) { self.warehouse = warehouse }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = try options(context).defaults(from: "td")
    let database = try SQLTask.database(options, context)
    let changes = try changes(options, database)
    let key = context.writeKey()
    do {
      if let key, let record = try await warehouse.written(key) {
        context.output.info("the changes: \(record.sentence)")
        return .done(TaskResult())
      }
      for case .renameTable(let table, _) in changes where try await !warehouse.tableExists(table) {
        throw TaskFailure(.config, "Renaming table \(table) doesn't exist")
      }
      _ = try await warehouse.apply(changes, once: key)
    } catch let error as WarehouseError {
      throw TaskFailure(of: error)
    }
    return .done(TaskResult())
  }

  /// The task's parameters, with the options of the operator's own map laid over them.
  private func options(_ context: TaskContext) throws -> Parameters {
    let parameters = context.parameters
    guard let own = parameters.value("_command")?.object else { return parameters }
    parameters.useAll()
    return Parameters(
      parameters.values.merging(own),
      local: parameters.local,
      task: context.taskName
    )
  }

  /// What to do, in the order that is fixed.
  private func changes(_ options: Parameters, _ database: String) throws -> [SchemaChange] {
    let emptied = try names("empty_databases", options)
    var changes: [SchemaChange] = []
    changes += try (names("drop_databases", options) + emptied).map { .dropDatabase($0) }
    changes += try (names("create_databases", options) + emptied).map { .createDatabase($0) }
    changes += try tables("drop_tables", options, database).map { .dropTable($0) }
    changes += try tables("create_tables", options, database).map { .createTable($0) }
    changes += try tables("empty_tables", options, database).map { .emptyTable($0) }
    return try changes + renames(options, database)
  }

  private func renames(_ options: Parameters, _ database: String) throws -> [SchemaChange] {
    try (options.listOrJSON("rename_tables") ?? []).map { entry in
      guard let object = entry.object else {
        throw TaskFailure(
          .config,
          "each element of `rename_tables` must be a map with `from` and `to`, found `\(entry)`"
        )
      }
      let pair = Parameters(object)
      let to = try pair.requiredText("to")
      guard !to.contains("."), !to.isEmpty else {
        throw TaskFailure(
          .config,
          "`to` of `rename_tables` must be a table without a database, found `\(to)`"
        )
      }
      return .renameTable(try TableName(pair.requiredText("from"), database: database), to: to)
    }
  }

  private func tables(
    _ key: String,
    _ options: Parameters,
    _ database: String
  ) throws -> [TableName] {
    try names(key, options).map { try TableName($0, database: database) }
  }

  private func names(_ key: String, _ options: Parameters) throws -> [String] {
    try (options.listOrJSON(key) ?? []).map { entry in
      guard let name = entry.string, !name.isEmpty else {
        throw TaskFailure(.config, "each element of `\(key)` must be a name, found `\(entry)`")
      }
      return name
    }
  }
}
