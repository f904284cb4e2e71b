public import Values

/// What a statement gave.
public struct QueryResult: Sendable, Hashable {
  /// Empty for a statement without a result.
  public var columns: [TableColumn]
  /// The first rows; each has one value per column.
  public var rows: [[Value]]
  /// All rows: of the result, or those written by an insert or a created table.
  public var rowCount: Int
  /// The write that was committed under the statement's key before; nothing was written again.
  public var earlier: WriteRecord?

  public init(columns: [TableColumn] = [], rows: [[Value]] = [], rowCount: Int = 0) {
    self.columns = columns
    self.rows = rows
    self.rowCount = rowCount
  }

  /// What a write that is not done again gives.
  init(earlier: WriteRecord) {
    self.init(rowCount: earlier.rowCount)
    self.earlier = earlier
  }

  /// True when the result has more rows than were kept.
  public var truncated: Bool { rowCount > rows.count }

  /// A kept row as an object: column name to value, in the order of the columns.
  public func object(at row: Int) -> ObjectValue {
    ObjectValue(zip(columns, rows[row]).map { ($0.name, $1) })
  }
}

/// Consecutive rows of a result.
public struct RowBatch: Sendable {
  public let columns: [TableColumn]
  public let rows: [[Value]]

  public init(columns: [TableColumn], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }
}
