import Values

/// Changes tables inside a transaction of its connection.
struct TableWriter {
  let connection: DuckDBConnection
  /// Hive's way: a value that does not fit its column becomes null; otherwise it is an error.
  let lenient: Bool

  func exists(_ table: TableName) throws -> Bool {
    try TableCatalog(connection).contains(table)
  }

  /// Makes a table of a query's rows, whatever it was before, and returns their number.
  func replace(_ table: TableName, with query: String, named names: [String]? = nil) throws -> Int {
    if let error = try TableCatalog(connection).missing(database: table.database) { throw error }
    try TableCatalog.check(name: table.table)
    let columns = try columns(of: query, named: names)
    guard !columns.isEmpty else {
      try apply(.emptyTable(table))
      return 0
    }
    let fields = columns.map { column in
      "CAST(\(column.source) AS \(column.stored)) AS \(SQLText.quoted(name: column.name))"
    }
    try connection.execute(
      """
      CREATE OR REPLACE TABLE \(SQLText.quoted(table)) AS
      SELECT \(fields.joined(separator: ", ")) FROM (\(query)) AS q(\(try aliases(query)))
      """
    )
    return try count(table)
  }

  /// Adds a query's rows to a table that exists, and returns their number.
  ///
  /// Matched by name when both have the same names, else by position when both have as many columns.
  func append(_ query: String, to table: TableName, named names: [String]? = nil) throws -> Int {
    if let error = try TableCatalog(connection).missing(table) { throw error }
    let target = try TableCatalog.columns(of: table, connection)
    if target.isEmpty { return try replace(table, with: query, named: names) }
    let source = try columns(of: query, named: names)
    if source.isEmpty { return 0 }
    let pairs = try matched(source, target, table)
    let fields = try pairs.map { source, target in
      if lenient { return "TRY_CAST(\(source.source) AS \(target.type))" }
      guard Self.fits(source, target) else {
        throw WarehouseError(
          .typeMismatch,
          "column `\(target.name)` of `\(table)` holds \(target.type), the query gives \(source.type)",
          hint: "cast it in the query"
        )
      }
      return source.source
    }
    let names = pairs.map { SQLText.quoted(name: $0.1.name) }
    return try connection.execute(
      """
      INSERT INTO \(SQLText.quoted(table)) (\(names.joined(separator: ", ")))
      SELECT \(fields.joined(separator: ", ")) FROM (\(query)) AS q(\(try aliases(query)))
      """
    )
  }

  func apply(_ change: SchemaChange) throws {
    let catalog = try TableCatalog(connection)
    switch change {
    case .createDatabase(let name):
      try TableCatalog.check(name: name)
      guard name.lowercased() != SystemTables.database else {
        throw WarehouseError(
          .badName,
          "the database `\(name)` holds the system tables and cannot be made"
        )
      }
      try connection.execute("CREATE SCHEMA IF NOT EXISTS warehouse.\(SQLText.quoted(name: name))")
    case .dropDatabase(let name):
      guard catalog.tables(in: name) != nil else { return }
      try connection.execute("DROP SCHEMA warehouse.\(SQLText.quoted(name: name)) CASCADE")
    case .emptyDatabase(let name):
      try apply(.dropDatabase(name))
      try apply(.createDatabase(name))
    case .createTable(let table):
      if let error = catalog.missing(database: table.database) { throw error }
      if !catalog.contains(table) { try apply(.emptyTable(table)) }
    case .dropTable(let table):
      guard catalog.contains(table) else { return }
      try connection.execute("DROP TABLE \(SQLText.quoted(table))")
    case .emptyTable(let table):
      if let error = catalog.missing(database: table.database) { throw error }
      try TableCatalog.check(name: table.table)
      let marker = SQLText.quoted(name: TableCatalog.marker)
      try connection.execute("CREATE OR REPLACE TABLE \(SQLText.quoted(table)) (\(marker) BOOLEAN)")
    case .renameTable(let table, let name):
      if let error = catalog.missing(table) { throw error }
      try TableCatalog.check(name: name)
      guard name != table.table else { return }
      try apply(.dropTable(TableName(database: table.database, table: name)))
      try connection.execute(
        "ALTER TABLE \(SQLText.quoted(table)) RENAME TO \(SQLText.quoted(name: name))"
      )
    }
  }

  /// A column of a query under the alias it has in ours.
  private struct Source {
    let source: String
    let name: String
    let type: String
    let stored: String
  }

  private func columns(of query: String, named names: [String]?) throws -> [Source] {
    let all = try connection.columns(of: query)
    let columns = all.enumerated().compactMap { index, column in
      column.name == TableCatalog.marker ? nil : (alias: Self.alias(index), column: column)
    }
    if let names, names.count != columns.count {
      throw WarehouseError(
        .columnMismatch,
        "\(names.count) columns are named, the query has \(columns.count)"
      )
    }
    let sources = columns.enumerated().map { index, entry in
      Source(
        source: entry.alias,
        name: names?[index] ?? entry.column.name,
        type: entry.column.type,
        stored: entry.column.stored
      )
    }
    var seen: Set<String> = []
    for source in sources where !seen.insert(source.name.lowercased()).inserted {
      throw WarehouseError(
        .columnMismatch,
        "the query has two columns `\(source.name)`",
        hint: "name one of them otherwise with AS"
      )
    }
    return sources
  }

  private func aliases(_ query: String) throws -> String {
    try connection.columns(of: query).indices.map(Self.alias).joined(separator: ", ")
  }

  private static func alias(_ index: Int) -> String { "c\(index)" }

  private func matched(
    _ source: [Source],
    _ target: [TableColumn],
    _ table: TableName
  ) throws -> [(Source, TableColumn)] {
    let byName = Dictionary(target.map { ($0.name.lowercased(), $0) }) { first, _ in first }
    let pairs = source.compactMap { source in byName[source.name.lowercased()].map { (source, $0) }
    }
    if pairs.count == source.count && source.count == target.count { return pairs }
    if source.count == target.count { return Array(zip(source, target)) }
    let list = { (names: [String]) in names.map { "`\($0)`" }.joined(separator: ", ") }
    throw WarehouseError(
      .columnMismatch,
      "`\(table)` has the columns \(list(target.map(\.name))), the query gives \(list(source.map(\.name)))",
      hint: "both need the same names, or as many columns"
    )
  }

  /// True when no value of the query can lose anything in the column.
  private static func fits(_ source: Source, _ target: TableColumn) -> Bool {
    if source.stored == target.type || source.type == "NULL" { return true }
    switch (source.stored, target.type) {
    case ("BIGINT", "DOUBLE"), ("DATE", "TIMESTAMP"), ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
      ("DATE", "TIMESTAMP WITH TIME ZONE"), ("VARCHAR", "JSON"):
      return true
    // why: the engine checks what is inside of these
    default: return target.type.contains("STRUCT") || target.type.contains("MAP")
    }
  }

  private func count(_ table: TableName) throws -> Int {
    let rows = try connection.query("FROM \(SQLText.quoted(table)) SELECT count(*)")
    return Int(try rows.next(keep: 1)?.rows.first?.first?.int ?? 0)
  }
}
