import Values

/// The databases and tables there are, as one connection sees them.
struct TableCatalog {
  /// The only column of a table into which nothing has been inserted; never shown.
  static let marker = "tadoru no columns yet"
  /// The schema for tables of ours; no statement of a user can name it.
  static let hidden = "main"
  private static let reserved = [hidden, "information_schema", "pg_catalog"]

  /// Database name → names of its tables, both sorted.
  let databases: [(name: String, tables: [String])]

  init(_ connection: DuckDBConnection) throws(DuckDBFailure) {
    let rows = try Self.rows(
      """
      SELECT s.schema_name, t.table_name
      FROM duckdb_schemas() s
      LEFT JOIN duckdb_tables() t ON t.database_name = s.database_name AND t.schema_name = s.schema_name
      WHERE s.database_name = 'warehouse'
      ORDER BY lower(s.schema_name), lower(t.table_name)
      """,
      connection
    )
    var found: [(name: String, tables: [String])] = []
    for row in rows {
      guard let name = row[0].string, !Self.reserved.contains(name) else { continue }
      if found.last?.name != name { found.append((name, [])) }
      if let table = row[1].string { found[found.count - 1].tables.append(table) }
    }
    databases = found
  }

  func tables(in database: String) -> [String]? {
    databases.first { $0.name.lowercased() == database.lowercased() }?.tables
  }

  func contains(_ table: TableName) -> Bool {
    tables(in: table.database)?.contains { $0.lowercased() == table.table.lowercased() } ?? false
  }

  /// The error for a database that is not there; nil when it is.
  func missing(database: String) -> WarehouseError? {
    guard tables(in: database) == nil else { return nil }
    let hint = FailureReader.hint(database, databases.map(\.name))
    return WarehouseError(
      .unknownDatabase,
      "there is no database `\(database)`",
      hint: hint ?? "`td_ddl>` with `create_databases` makes it"
    )
  }

  /// The error for a table that is not there; nil when it is.
  func missing(_ table: TableName) -> WarehouseError? {
    if let error = missing(database: table.database) { return error }
    guard !contains(table) else { return nil }
    let near = FailureReader.hint(table.table, tables(in: table.database) ?? [])
    return WarehouseError(
      .unknownTable,
      "there is no table `\(table.table)` in database `\(table.database)`",
      hint: near
    )
  }

  /// Throws where a statement reads or deletes from what users do not see.
  static func check(
    _ translations: [Translation],
    _ statement: RewrittenStatement
  ) throws(WarehouseError) {
    for translation in translations {
      var tables = translation.tables.map(\.table)
      if case .delete(let table) = translation.kind { tables.append(table) }
      for table in tables where reserved.contains(table.database.lowercased()) {
        throw WarehouseError(
          .unknownDatabase,
          "there is no database `\(table.database)`",
          place: statement.place(of: table.database) ?? statement.place(of: table.table)
        )
      }
    }
  }

  static func check(name: String) throws(WarehouseError) {
    guard !name.isEmpty, !name.contains(where: { "\"`\0\n".contains($0) }),
      !reserved.contains(name.lowercased())
    else { throw WarehouseError(.badName, "`\(name)` cannot be the name of a database or table") }
  }

  /// The columns of a table in order, without the marker; empty also when there is no such table.
  static func columns(
    of table: TableName,
    _ connection: DuckDBConnection
  ) throws(DuckDBFailure) -> [TableColumn] {
    let rows = try rows(
      """
      SELECT column_name, data_type FROM duckdb_columns()
      WHERE database_name = 'warehouse' AND lower(schema_name) = lower(\(SQLText.quoted(text: table.database)))
        AND lower(table_name) = lower(\(SQLText.quoted(text: table.table)))
      ORDER BY column_index
      """,
      connection
    )
    return rows.compactMap { row in
      guard let name = row[0].string, let type = row[1].string, name != marker else { return nil }
      return TableColumn(name: name, type: type)
    }
  }

  private static func rows(
    _ sql: String,
    _ connection: DuckDBConnection
  ) throws(DuckDBFailure) -> [[Value]] {
    let result = try connection.query(sql)
    var rows: [[Value]] = []
    while let chunk = try result.next(keep: .max) { rows += chunk.rows }
    return rows
  }
}
