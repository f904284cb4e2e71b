import CDuckDB

/// A column of a query that has not run.
struct QueryColumn: Sendable, Hashable {
  let name: String
  let type: String
  /// The type of a table's column that keeps its values.
  let stored: String
}

/// One connection to the engine.
///
/// why: unchecked, because the instance lends it to one statement at a time; only ``interrupt()`` is called beside
/// that, which the engine allows from any thread.
final class DuckDBConnection: @unchecked Sendable {  // why: see above
  private var handle: duckdb_connection?
  /// True once the database is known to have a ``WriteLedger``.
  var hasLedger = false

  init(_ database: duckdb_database) throws(DuckDBFailure) {
    guard duckdb_connect(database, &handle) == DuckDBSuccess else {
      throw DuckDBFailure(kind: 0, message: "no connection to the SQL engine")
    }
  }

  deinit { disconnect() }

  /// Ends the connection; nothing may use it any more.
  func disconnect() { duckdb_disconnect(&handle) }

  var pointer: duckdb_connection? { handle }

  /// Stops what runs on this connection.
  func interrupt() {
    if let handle { duckdb_interrupt(handle) }
  }

  /// Runs one statement and returns the rows it changed.
  @discardableResult
  func execute(_ sql: String) throws(DuckDBFailure) -> Int {
    var result = duckdb_result()
    defer { duckdb_destroy_result(&result) }
    guard duckdb_query(handle, sql, &result) == DuckDBSuccess else {
      throw DuckDBFailure(
        kind: duckdb_result_error_type(&result).rawValue,
        message: Self.text(duckdb_result_error(&result))
      )
    }
    return Int(duckdb_rows_changed(&result))
  }

  /// Starts a query whose rows are fetched as they are made.
  func query(_ sql: String) throws(DuckDBFailure) -> DuckDBRows {
    var prepared = try prepare(sql)
    defer { duckdb_destroy_prepare(&prepared) }
    var pending: duckdb_pending_result?
    defer { duckdb_destroy_pending(&pending) }
    guard duckdb_pending_prepared_streaming(prepared, &pending) == DuckDBSuccess else {
      throw DuckDBFailure(kind: 0, message: Self.text(duckdb_pending_error(pending)))
    }
    var result = duckdb_result()
    guard duckdb_execute_pending(pending, &result) == DuckDBSuccess else {
      let failure = DuckDBFailure(
        kind: duckdb_result_error_type(&result).rawValue,
        message: Self.text(duckdb_result_error(&result))
      )
      duckdb_destroy_result(&result)
      throw failure
    }
    return DuckDBRows(result)
  }

  /// The columns a query will have, without running it.
  func columns(of sql: String) throws(DuckDBFailure) -> [QueryColumn] {
    var prepared = try prepare(sql)
    defer { duckdb_destroy_prepare(&prepared) }
    return (0..<duckdb_prepared_statement_column_count(prepared)).map { index in
      let name = duckdb_prepared_statement_column_name(prepared, index)
      defer { duckdb_free(UnsafeMutableRawPointer(mutating: name)) }
      var type = duckdb_prepared_statement_column_logical_type(prepared, index)
      defer { duckdb_destroy_logical_type(&type) }
      return QueryColumn(
        name: Self.text(name),
        type: DuckDBType.name(type),
        stored: DuckDBType(type).stored.name
      )
    }
  }

  private func prepare(_ sql: String) throws(DuckDBFailure) -> duckdb_prepared_statement? {
    var prepared: duckdb_prepared_statement?
    guard duckdb_prepare(handle, sql, &prepared) == DuckDBSuccess else {
      let failure = DuckDBFailure(kind: 0, message: Self.text(duckdb_prepare_error(prepared)))
      duckdb_destroy_prepare(&prepared)
      throw failure
    }
    return prepared
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? "no reason given"
  }
}
