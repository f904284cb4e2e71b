/// Named databases with tables in them, queried in Presto or Hive SQL.
///
/// Every conformer may be used from several tasks at once, and by several processes on one machine.
/// A write with a ``WriteKey`` happens once: its key is committed with it, and a later one with the same key does nothing.
/// All calls throw ``WarehouseError``; a cancelled task interrupts its statement and throws `CancellationError`.
public protocol Warehouse: Sendable {  // why: Spark comes as the second conformer
  /// Runs the statement as written and keeps at most `rowLimit` rows; the result says how many there were.
  ///
  /// A text of several statements, parted by `;`, runs as one transaction; the last result counts. Where the text was
  /// committed before under its key and its last statement is a query, that alone runs again.
  func run(_ statement: SQLStatement, rowLimit: Int) async throws -> QueryResult

  /// Runs a query and hands over its rows in order, batch by batch, never all at once.
  ///
  /// `body` is called at least once, with an empty batch when there are no rows.
  /// - Returns: the columns and the number of rows, no rows.
  func forEachBatch(
    of statement: SQLStatement,
    _ body: (RowBatch) async throws -> Void
  ) async throws -> QueryResult

  /// Appends the rows of a query to a table, which is created first when it is missing.
  ///
  /// Columns are matched by name when the two sets of names are equal (ignoring case), else by position when there
  /// are equally many, else the call fails and names both lists. A table without columns takes the query's.
  func insert(_ statement: SQLStatement, into table: TableName) async throws -> QueryResult

  /// Replaces a table, or makes it, with the rows of a query; when the query fails the old table stays.
  func createTable(_ table: TableName, as statement: SQLStatement) async throws -> QueryResult

  /// Creates, drops, empties or renames databases and tables in the given order, all or none.
  ///
  /// - Returns: nil, or the record of the same changes when they were committed under the key before.
  func apply(_ changes: [SchemaChange], once key: WriteKey?) async throws -> WriteRecord?

  /// What was written under a key; nil when nothing was, or so long ago that it is forgotten.
  func written(_ key: WriteKey) async throws -> WriteRecord?

  /// The names of the databases, sorted.
  func databases() async throws -> [String]

  /// The names of the tables of a database, sorted.
  func tables(in database: String) async throws -> [String]

  /// The columns of a table in order; none for a table into which nothing has been inserted yet.
  func columns(of table: TableName) async throws -> [TableColumn]

  /// Writes a whole table as one Parquet file (replacing it) and returns the number of rows.
  func exportParquet(_ table: TableName, to file: String) async throws -> Int

  /// Writes the rows of a query as one Parquet file, replacing it; the result has the first of them.
  ///
  /// Numbers too large for 64 bits become decimals, and what Parquet has no type for becomes text, as in a table.
  func exportParquet(
    _ statement: SQLStatement,
    to file: String,
    rowLimit: Int
  ) async throws -> QueryResult

  /// Loads files into a table, whose database must exist, all rows or none.
  ///
  /// Appended columns are matched as in ``insert(_:into:)``. A file that cannot be read, and a bad row unless these are
  /// skipped, leaves the table as it was.
  func load(
    _ source: TableSource,
    into table: TableName,
    mode: ImportMode,
    once key: WriteKey?
  ) async throws -> ImportReport

  /// The columns that files have, with types found from all their rows.
  func columns(of source: TableSource) async throws -> [TableColumn]
}

extension Warehouse {
  /// Some rows of a table, in no particular order; `rowCount` counts these only.
  public func preview(_ table: TableName, limit: Int = 20) async throws -> QueryResult {
    let text = """
      SELECT * FROM \(SQLDialect.presto.quoted(table)) LIMIT \(limit)
      """
    let statement = SQLStatement(text: text, dialect: .presto, database: table.database)
    return try await run(statement, rowLimit: limit)
  }

  public func databaseExists(_ name: String) async throws -> Bool {
    try await databases().contains { $0.lowercased() == name.lowercased() }
  }

  public func tableExists(_ table: TableName) async throws -> Bool {
    guard try await databaseExists(table.database) else { return false }
    return try await tables(in: table.database).contains {
      $0.lowercased() == table.table.lowercased()
    }
  }

  public func apply(_ change: SchemaChange) async throws {
    _ = try await apply([change], once: nil)
  }

  public func load(
    _ source: TableSource,
    into table: TableName,
    mode: ImportMode
  ) async throws -> ImportReport {
    try await load(source, into: table, mode: mode, once: nil)
  }

  /// Loads a file into a table, whose database must exist, and returns the number of rows.
  public func importFile(
    _ file: TableFile,
    into table: TableName,
    mode: ImportMode
  ) async throws -> Int {
    try await load(TableSource(file), into: table, mode: mode).rowCount
  }

  public func importParquet(
    file: String,
    into table: TableName,
    mode: ImportMode = .overwrite
  ) async throws -> Int {
    try await importFile(.parquet(path: file), into: table, mode: mode)
  }

  public func importCSV(
    file: String,
    format: CSVFormat = CSVFormat(),
    into table: TableName,
    mode: ImportMode = .overwrite
  ) async throws -> Int {
    try await importFile(.csv(path: file, format: format), into: table, mode: mode)
  }
}

/// A change of what databases and tables there are; each is idempotent unless it says otherwise.
public enum SchemaChange: Sendable, Hashable {
  case createDatabase(String)
  /// Drops the database with its tables.
  case dropDatabase(String)
  /// Drops the tables of the database, making the database when it is missing.
  case emptyDatabase(String)
  /// Makes a table without columns unless one exists; its database must exist.
  case createTable(TableName)
  case dropTable(TableName)
  /// Makes the table one without columns, whatever it was.
  case emptyTable(TableName)
  /// Renames within one database, replacing `to`; the table must exist.
  case renameTable(TableName, to: String)
}
