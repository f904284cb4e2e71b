import CDuckDB
import Foundation
import Values

/// Turns what the engine says into what the person who wrote the statement needs to know.
struct FailureReader {
  let statement: RewrittenStatement
  let translation: Translation
  let connection: DuckDBConnection

  func error(_ failure: DuckDBFailure) -> WarehouseError {
    if let error = Self.resource(failure) { return error }
    if let error = missingTable() { return error }
    if let word = failure.text(between: "Function with name ", and: " does not exist") {
      return unknownFunction(word)
    }
    if let word = failure.text(between: "Referenced column \"", and: "\"") {
      return unknownColumn(word, failure)
    }
    if let word = failure.text(between: "does not have a column named \"", and: "\"") {
      return unknownColumn(word, failure)
    }
    if let word = failure.text(between: "Referenced table \"", and: "\" not found") {
      return WarehouseError(
        .unknownTable,
        "`\(word)` is no table or alias of this query",
        place: statement.place(of: word)
      )
    }
    let message = EngineSentence.inOurWords(failure.summary)
    let place = EngineSentence.value(in: failure.message).flatMap { statement.place(of: $0) }
    if failure.message.contains("Conversion Error")
      || failure.message.contains("No function matches")
    {
      return WarehouseError(.typeMismatch, message, place: place)
    }
    return WarehouseError(.execution, message, place: place)
  }

  /// What has nothing to do with the statement: memory, disk.
  static func resource(_ failure: DuckDBFailure) -> WarehouseError? {
    let text = failure.message
    if text.contains("No space left on device") || text.contains("max_temp_directory_size") {
      return WarehouseError(
        .diskFull,
        "the disk is full: \(failure.summary)",
        hint: "free space where the warehouse lives"
      )
    }
    if text.contains("Out of Memory") || failure.kind == DUCKDB_ERROR_OUT_OF_MEMORY.rawValue {
      return WarehouseError(
        .outOfMemory,
        "the statement needs more memory than the warehouse may use: \(failure.summary)",
        hint: "raise the memory limit, or let the query keep fewer rows at once"
      )
    }
    return nil
  }

  /// The first table of the statement that is not there.
  private func missingTable() -> WarehouseError? {
    // why: the first error counts
    guard let catalog = try? TableCatalog(connection) else { return nil }
    for reference in translation.tables {
      guard let error = catalog.missing(reference.table) else { continue }
      let place = reference.line.flatMap { line in
        reference.column.flatMap { statement.place(line: line, column: $0) }
      }
      return WarehouseError(error.code, error.message, place: place, hint: error.hint)
    }
    return nil
  }

  private func unknownFunction(_ word: String) -> WarehouseError {
    let query = """
      SELECT DISTINCT function_name FROM duckdb_functions()
      WHERE function_type IN ('scalar', 'aggregate', 'macro') AND regexp_full_match(function_name, '[a-z_0-9]+')
      """
    var names = Self.own
    // why: without the list the message is shorter
    if let rows = try? connection.query(query) {
      while let chunk = try? rows.next(keep: .max) {  // why: the same
        names += chunk.rows.compactMap { $0.first?.string }
      }
    }
    names = names.filter { name in !Self.internalPrefixes.contains { name.hasPrefix($0) } }
    return WarehouseError(
      .unknownFunction,
      "there is no function `\(word)`",
      place: statement.place(of: word),
      hint: Self.hint(word.lowercased(), names)
    )
  }

  private func unknownColumn(_ word: String, _ failure: DuckDBFailure) -> WarehouseError {
    var names: [String] = []
    for reference in translation.tables {
      // why: without the columns the message is shorter
      names += ((try? TableCatalog.columns(of: reference.table, connection)) ?? []).map(\.name)
    }
    if names.isEmpty, let table = translation.tables.first?.table {
      return WarehouseError(
        .unknownColumn,
        "there is no column `\(word)`: nothing has been inserted into `\(table)` yet",
        place: statement.place(of: word)
      )
    }
    return WarehouseError(
      .unknownColumn,
      "there is no column `\(word)`",
      place: statement.place(of: word),
      hint: Self.hint(word, names)
    )
  }

  static func hint(_ word: String, _ names: [String]) -> String? {
    let near = Suggestion.nearest(to: word, among: Array(Set(names)))
    return near.isEmpty ? nil : "did you mean \(near.map { "`\($0)`" }.joined(separator: " or "))?"
  }

  /// The engine's sentence without the names only we use.
  private static let internalPrefixes = [
    "presto_", "hive_", "tadoru_", "duckdb_", "pragma_", "pg_", "__",
  ]
  private static let own = [
    "td_time_range", "td_time_format", "td_time_string", "td_time_parse", "td_time_add",
    "td_date_trunc",
    "td_scheduled_time", "td_interval", "td_interval_range", "td_first", "td_last", "td_url_decode",
    "td_md5",
    "rownum", "rowid", "sigmoid", "rescale", "approx_distinct", "approx_percentile", "collect_list",
    "collect_set", "json_extract_scalar", "get_json_object", "regexp_like", "date_parse",
    "from_unixtime",
    "to_unixtime", "element_at", "cardinality", "map_agg", "max_by", "min_by", "nvl", "if",
  ]
}
