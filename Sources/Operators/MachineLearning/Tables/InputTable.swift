import SQLWarehouse
import Values
import WorkflowEngine

/// A table that a notebook reads, looked at before any kernel is started.
struct InputTable {
  let name: TableName
  let columns: [String]
  let warehouse: any Warehouse

  /// Finds a table, whatever the case of its name.
  ///
  /// - Throws: ``TaskFailure`` `config` with the nearest names; ``WarehouseError``.
  static func find(
    _ name: TableName,
    option: String,
    in warehouse: any Warehouse
  ) async throws -> InputTable {
    let database = try await Self.database(name, option: option, in: warehouse)
    let tables = try await warehouse.tables(in: database)
    guard let table = spelled(name.table, among: tables) else {
      throw TaskFailure(
        .config,
        "`\(option)`: the database `\(database)` has no table `\(name.table)`"
          + NearestNames.hint(for: name.table, among: tables)
      )
    }
    let found = TableName(database: database, table: table)
    let columns = try await warehouse.columns(of: found).map(\.name)
    guard !columns.isEmpty else {
      throw TaskFailure(
        .config,
        "`\(option)`: the table `\(found)` has no columns yet: nothing was ever inserted into it"
      )
    }
    return InputTable(name: found, columns: columns, warehouse: warehouse)
  }

  /// The database of a table, as the warehouse spells it.
  ///
  /// - Throws: ``TaskFailure`` `config` with the nearest names; ``WarehouseError``.
  static func database(
    _ name: TableName,
    option: String,
    in warehouse: any Warehouse
  ) async throws -> String {
    let databases = try await warehouse.databases()
    guard let database = spelled(name.database, among: databases) else {
      throw TaskFailure(
        .config,
        "`\(option): \(name)`: there is no database `\(name.database)`"
          + NearestNames.hint(for: name.database, among: databases)
      )
    }
    return database
  }

  /// The table's own spelling of a column; nil when it has no such column.
  func spelled(_ column: String) -> String? { Self.spelled(column, among: columns) }

  /// The table's own spelling of a column that must be there.
  ///
  /// - Throws: ``TaskFailure`` `config` with the nearest names.
  func column(_ column: String, option: String) throws -> String {
    guard let found = spelled(column) else {
      throw TaskFailure(
        .config,
        "`\(option)`: the table `\(name)` has no column `\(column)`"
          + NearestNames.hint(for: column, among: columns)
      )
    }
    return found
  }

  /// The names in a list, each as the table spells it; those that it does not have stay as they are.
  func spelled(list: Value?) -> Value? {
    list?.array.map { names in
      .array(names.map { name in name.string.flatMap(spelled).map(Value.string) ?? name })
    }
  }

  static func spelled(_ word: String, among names: [String]) -> String? {
    names.contains(word) ? word : names.first { $0.lowercased() == word.lowercased() }
  }
}
