import CDuckDB
import Values

/// The rows of a running query, fetched chunk by chunk.
///
/// why: unchecked, because it is handed from one blocking call to the next and never used by two at once.
final class DuckDBRows: @unchecked Sendable {  // why: see above
  private var result: duckdb_result
  private let decoders: [DuckDBType]
  let columns: [TableColumn]

  init(_ result: duckdb_result) {
    self.result = result
    var names: [TableColumn] = []
    var decoders: [DuckDBType] = []
    for index in 0..<duckdb_column_count(&self.result) {
      var type = duckdb_column_logical_type(&self.result, index)
      defer { duckdb_destroy_logical_type(&type) }
      let name = duckdb_column_name(&self.result, index).map { String(cString: $0) } ?? ""
      names.append(TableColumn(name: name, type: DuckDBType.name(type)))
      decoders.append(DuckDBType(type))
    }
    columns = names
    self.decoders = decoders
  }

  deinit { duckdb_destroy_result(&result) }

  /// The number of rows of the next chunk, handed to `body` if they are wanted; nil at the end.
  func next(keep: Int) throws(DuckDBFailure) -> (count: Int, rows: [[Value]])? {
    var chunk = duckdb_fetch_chunk(result)
    guard chunk != nil else {
      if let message = duckdb_result_error(&result) {
        throw DuckDBFailure(
          kind: duckdb_result_error_type(&result).rawValue,
          message: String(cString: message)
        )
      }
      return nil
    }
    defer { duckdb_destroy_data_chunk(&chunk) }
    let count = Int(duckdb_data_chunk_get_size(chunk))
    let kept = min(count, keep)
    guard kept > 0 else { return (count, []) }
    let values = decoders.enumerated().map { index, decoder in
      decoder.decode(duckdb_data_chunk_get_vector(chunk, idx_t(index)), 0..<kept)
    }
    return (count, (0..<kept).map { row in values.map { $0[row] } })
  }
}
