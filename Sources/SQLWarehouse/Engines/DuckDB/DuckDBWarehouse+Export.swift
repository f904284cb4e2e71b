import Glibc
import Values

extension DuckDBWarehouse {
  public func exportParquet(
    _ statement: SQLStatement,
    to file: String,
    rowLimit: Int
  ) async throws -> QueryResult {
    try await blocking { [self] cancellation in
      let text = StatementRewriter(dialect: statement.dialect).plain(statement)
      let translations = try translate(text, statement)
      guard translations.count == 1, !translations[0].writes else {
        throw WarehouseError(.unsupported, "rows can be read from a single query only")
      }
      return try turn(writing: false, cancellation) { connection in
        try systemTables.fill(for: translations, text, on: connection)
        return try StatementRun(connection, text, statement)
          .writeParquet(translations[0], to: file, rowLimit: rowLimit)
      }
    }
  }
}

extension StatementRun {
  /// Writes the rows of a query to a file that takes the place of an older one when all of them are there.
  fileprivate func writeParquet(
    _ query: Translation,
    to file: String,
    rowLimit: Int
  ) throws -> QueryResult {
    let part = file + ".part"
    defer { unlink(part) }
    return try explain(query) {
      try prepareSession()
      let columns = try connection.columns(of: query.sql)
      let kept = columns.enumerated().filter { $0.element.name != TableCatalog.marker }
      guard !kept.isEmpty else {
        throw WarehouseError(.columnMismatch, "a result without columns cannot be a Parquet file")
      }
      let fields = kept.map {
        "CAST(c\($0.offset) AS \($0.element.stored)) AS \(SQLText.quoted(name: $0.element.name))"
      }
      let aliases = columns.indices.map { "c\($0)" }.joined(separator: ", ")
      let count = try connection.execute(
        """
        COPY (SELECT \(fields.joined(separator: ", ")) FROM (\(query.sql)) AS q(\(aliases)))
        TO \(SQLText.quoted(text: part)) (FORMAT parquet)
        """
      )
      var result = try firstRows(of: part, limit: rowLimit)
      result.rowCount = count
      guard rename(part, file) == 0 else {
        throw WarehouseError(
          .file,
          "`\(file)` cannot be written: \(String(cString: strerror(errno)))"
        )
      }
      return result
    }
  }

  private func firstRows(of file: String, limit: Int) throws -> QueryResult {
    let rows = try connection.query(
      "FROM read_parquet(\(SQLText.quoted(text: file))) LIMIT \(limit)"
    )
    var kept: [[Value]] = []
    while let chunk = try rows.next(keep: .max) { kept += chunk.rows }
    return QueryResult(columns: rows.columns, rows: kept, rowCount: kept.count)
  }
}
