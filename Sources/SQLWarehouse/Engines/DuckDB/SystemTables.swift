public import Values

/// What stands in the database `tadoru`: tables that other rooms fill anew for each statement that reads them.
///
/// They are views of the moment, kept in memory; nothing can be written to them.
public struct SystemTables: Sendable {
  /// One table with its rows.
  public struct Table: Sendable {
    public let name: String
    /// Types as the engine names them: `BIGINT`, `DOUBLE`, `VARCHAR`.
    public let columns: [TableColumn]
    public let rows: [[Value]]

    public init(name: String, columns: [TableColumn], rows: [[Value]]) {
      self.name = name
      self.columns = columns
      self.rows = rows
    }
  }

  /// The database that the tables are in.
  public static let database = "tadoru"

  /// The tables there are.
  public let names: [String]
  private let read: @Sendable ([String]) throws -> [Table]

  /// - Parameters:
  ///   - names: the tables there are.
  ///   - read: gives the tables of some names as they are now.
  public init(names: [String], read: @escaping @Sendable ([String]) throws -> [Table]) {
    self.names = names
    self.read = read
  }

  /// Fills those that some statements read.
  ///
  /// - Throws: ``WarehouseError`` `unknownTable` with the names there are.
  func fill(
    for translations: [Translation],
    _ statement: RewrittenStatement,
    on connection: DuckDBConnection
  ) throws {
    let read = translations.flatMap(\.tables).filter {
      $0.table.database.lowercased() == Self.database
    }
    guard !read.isEmpty else { return }
    for reference in read where !names.contains(reference.table.table.lowercased()) {
      throw WarehouseError(
        .unknownTable,
        "there is no table `\(reference.table)`",
        place: statement.place(of: reference.table.table),
        hint:
          "the system tables are \(names.map { "`\(Self.database).\($0)`" }.joined(separator: ", "))"
      )
    }
    for table in try self.read(Set(read.map { $0.table.table.lowercased() }).sorted()) {
      try write(table, on: connection)
    }
  }

  private func write(_ table: Table, on connection: DuckDBConnection) throws {
    let name = "system_tables.\(Self.database).\(SQLText.quoted(name: table.name))"
    let columns = table.columns.map { "\(SQLText.quoted(name: $0.name)) \($0.type)" }
    try connection.atomically {
      try connection.execute("CREATE OR REPLACE TABLE \(name) (\(columns.joined(separator: ", ")))")
      for start in stride(from: 0, to: table.rows.count, by: 500) {
        let rows = table.rows[start..<min(start + 500, table.rows.count)].map { row in
          "(" + row.map(Self.literal).joined(separator: ", ") + ")"
        }
        // why: names are ours and every value is written as a quoted literal
        try connection.execute("INSERT INTO \(name) VALUES \(rows.joined(separator: ", "))")
      }
    }
  }

  private static func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .bool(let truth): truth ? "TRUE" : "FALSE"
    case .int(let number): String(number)
    case .double(let number): "CAST('\(number)' AS DOUBLE)"
    case .string(let text): SQLText.quoted(text: text)
    case .array, .object: SQLText.quoted(text: JSON.encode(value))
    }
  }
}
