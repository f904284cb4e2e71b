import SQLWarehouse
import Values

/// A warehouse that writes down what it is asked, and gives the rows of the test, or those of a real engine behind it.
struct RecordedWarehouse: Warehouse {
  /// Rows of every query.
  let rows: [ObjectValue]
  /// Tables that are there, for tasks that ask.
  let known: [TableName]
  /// Where statements are run after they were written down; nil where nothing is run.
  var engine: (any Warehouse)?
  let record: @Sendable (String) -> Void

  private var columns: [TableColumn] {
    var names: [String] = []
    for row in rows { for key in row.keys where !names.contains(key) { names.append(key) } }
    return names.map { TableColumn(name: $0, type: "VARCHAR") }
  }

  private var result: QueryResult {
    let columns = columns
    return QueryResult(
      columns: columns,
      rows: rows.map { row in columns.map { row[$0.name] ?? .null } },
      rowCount: rows.count
    )
  }

  func run(_ statement: SQLStatement, rowLimit: Int) async throws -> QueryResult {
    record(statement.text)
    return try await engine?.run(statement, rowLimit: rowLimit) ?? result
  }

  func forEachBatch(
    of statement: SQLStatement,
    _ body: (RowBatch) async throws -> Void
  ) async throws -> QueryResult {
    record(statement.text)
    if let engine { return try await engine.forEachBatch(of: statement, body) }
    let result = result
    try await body(RowBatch(columns: result.columns, rows: result.rows))
    return result
  }

  func insert(_ statement: SQLStatement, into table: TableName) async throws -> QueryResult {
    record(try statement.text(insertingInto: table))
    return try await engine?.insert(statement, into: table) ?? result
  }

  func createTable(_ table: TableName, as statement: SQLStatement) async throws -> QueryResult {
    record(try statement.text(creating: table))
    return try await engine?.createTable(table, as: statement) ?? result
  }

  func apply(_ changes: [SchemaChange], once key: WriteKey?) async throws -> WriteRecord? {
    for change in changes { record(Self.words(for: change)) }
    return try await engine?.apply(changes, once: key)
  }

  func written(_ key: WriteKey) async throws -> WriteRecord? { try await engine?.written(key) }

  func databases() async throws -> [String] {
    if let engine { return try await engine.databases() }
    return Array(Set(known.map(\.database))).sorted()
  }

  func tables(in database: String) async throws -> [String] {
    if let engine { return try await engine.tables(in: database) }
    return known.filter { $0.database == database }.map(\.table).sorted()
  }

  func columns(of table: TableName) async throws -> [TableColumn] {
    try await engine?.columns(of: table) ?? columns
  }

  func exportParquet(_ table: TableName, to file: String) async throws -> Int {
    try await engine?.exportParquet(table, to: file) ?? rows.count
  }

  func exportParquet(
    _ statement: SQLStatement,
    to file: String,
    rowLimit: Int
  ) async throws -> QueryResult {
    record(statement.text)
    return try await engine?.exportParquet(statement, to: file, rowLimit: rowLimit) ?? result
  }

  func load(
    _ source: TableSource,
    into table: TableName,
    mode: ImportMode,
    once key: WriteKey?
  ) async throws -> ImportReport {
    record("load into \(table) (\(mode == .append ? "append" : "replace"))")
    return try await engine?.load(source, into: table, mode: mode, once: key)
      ?? ImportReport(rowCount: rows.count)
  }

  func columns(of source: TableSource) async throws -> [TableColumn] {
    try await engine?.columns(of: source) ?? columns
  }

  private static func words(for change: SchemaChange) -> String {
    switch change {
    case .createDatabase(let name): "create database \(name)"
    case .dropDatabase(let name): "drop database \(name)"
    case .emptyDatabase(let name): "empty database \(name)"
    case .createTable(let table): "create table \(table)"
    case .dropTable(let table): "drop table \(table)"
    case .emptyTable(let table): "empty table \(table)"
    case .renameTable(let table, let name): "rename table \(table) to \(name)"
    }
  }
}
