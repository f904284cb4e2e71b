/// A table of a database.
public struct TableName: Sendable, Hashable, CustomStringConvertible {
  public let database: String
  public let table: String

  public init(database: String, table: String) {
    self.database = database
    self.table = table
  }

  /// Reads `t` or `db.t`, as the options of workflow operators write it.
  ///
  /// - Throws: ``WarehouseError`` `badName` for an empty part or more than one dot.
  public init(_ text: String, database: String) throws(WarehouseError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else {
      throw WarehouseError(
        .badName,
        "a table is written `table` or `database.table`, found `\(text)`"
      )
    }
    self.init(database: parts.count == 2 ? parts[0] : database, table: parts[parts.count - 1])
  }

  public var description: String { "\(database).\(table)" }
}

/// A column of a table or of a result.
public struct TableColumn: Sendable, Hashable {
  public let name: String
  /// The type as the engine writes it: `BIGINT`, `VARCHAR`, `DOUBLE[]`.
  public let type: String

  public init(name: String, type: String) {
    self.name = name
    self.type = type
  }
}
