import Foundation
import Values

/// Loads the files of a source on one connection: looks for bad rows first, then hands the query to the table's writer.
struct SourceLoad {
  private static let mostProblems = 5

  private let source: TableSource
  private let query: SourceQuery
  private let connection: DuckDBConnection

  init(_ source: TableSource, _ connection: DuckDBConnection) throws {
    self.source = source
    self.connection = connection
    query = try SourceQuery(source)
    for file in source.files where access(file, R_OK) != 0 {
      throw WarehouseError(
        .file,
        "`\(file)` cannot be read: \(String(cString: strerror(errno)))"
      )
    }
  }

  /// The columns that the table would have.
  func columns() throws -> [TableColumn] {
    try reading {
      try connection.columns(of: query.table(.fails)).map {
        TableColumn(name: $0.name, type: $0.type)
      }
    }
  }

  /// Runs inside of a transaction; `write` writes the rows of a query and gives their number.
  func run(_ write: (String) throws -> Int) throws -> ImportReport {
    guard !source.files.isEmpty else { return ImportReport(rowCount: 0) }
    try dropRejects()
    var report = ImportReport(rowCount: 0)
    if let condition = query.condition { try findBadValues(condition, &report) }
    if report.badRowCount > 0, !source.skipsBadRows { throw refusal(report) }
    let keepsRejects =
      if case .csv(let format) = source.format { format.columns != nil } else { false }
    report.rowCount = try reading {
      try write(query.table(keepsRejects ? .kept : query.readsObjects ? .ignored : .fails))
    }
    if keepsRejects { try findRejects(&report) }
    if report.badRowCount > 0, !source.skipsBadRows { throw refusal(report) }
    return report
  }

  private func refusal(_ report: ImportReport) -> WarehouseError {
    let rows = report.badRowCount == 1 ? "1 row is" : "\(report.badRowCount) rows are"
    return WarehouseError(
      .file,
      "\(rows) not as expected: \(report.problems.joined(separator: "; "))"
    )
  }

  /// Rows that have the right number of values, one of which is not of its type.
  private func findBadValues(_ condition: String, _ report: inout ImportReport) throws {
    for file in source.files {
      let rows = query.rows(of: [file], .ignored)
      let badRows = try reading(file) {
        try count(of: "\(rows) WHERE NOT (\(condition))")
      }
      guard badRows > 0 else { continue }
      report.badRowCount += badRows
      guard report.problems.count < Self.mostProblems else { continue }
      let checked = (source.columns ?? []).filter { ColumnConversion($0).condition != nil }
      let texts = checked.map { column in
        let conversion = ColumnConversion(column)
        return "CASE WHEN \(conversion.condition ?? "true") THEN NULL ELSE \(conversion.raw) END"
      }
      let fields = (["n"] + texts).joined(separator: ", ")
      let bad = try connection.rows(
        """
        SELECT \(fields) FROM (SELECT *, row_number() OVER () AS n FROM \(rows))
        WHERE NOT (\(condition)) LIMIT \(Self.mostProblems)
        """
      )
      let rejected = try rejectedRecords(of: file)
      for row in bad.prefix(Self.mostProblems - report.problems.count) {
        let place = place(of: row[0].int ?? 0, in: file, rejected)
        let reasons = zip(checked, row.dropFirst()).compactMap { column, text in
          text.isNull
            ? nil
            : "column `\(column.name)` must be \(ColumnConversion(column).expectation), found `\(Self.shown(text.text))`"
        }
        let words = reasons.isEmpty ? "the line is no JSON object" : reasons.joined(separator: ", ")
        report.problems.append("\(place): \(words)")
      }
    }
  }

  /// Rows that the engine could not part into values.
  private func findRejects(_ report: inout ImportReport) throws {
    guard try hasRejects() else { return }
    let rows = try connection.rows(
      """
      SELECT s.file_path, r.line, min(r.error_message)
      FROM temp.\(SourceQuery.rejects) r JOIN temp.\(SourceQuery.scans) s USING (scan_id, file_id)
      GROUP BY ALL ORDER BY ALL
      """
    )
    report.badRowCount += rows.count
    for row in rows.prefix(max(0, Self.mostProblems - report.problems.count)) {
      let file = row[0].text
      let line = RecordLines(file, source).line(ofRecord: Int(row[1].int ?? 0))
      report.problems.append(
        "\(Self.name(file)):\(line.map { "\($0)" } ?? "record \(row[1])"): \(EngineSentence.inOurWords(row[2].text).lowercasedFirst)"
      )
    }
  }

  /// The numbers of the records of a file that the engine leaves out, counted from 1 with the skipped lines.
  private func rejectedRecords(of file: String) throws -> [Int] {
    guard case .csv = source.format else { return [] }
    _ = try count(of: query.rows(of: [file], .kept))
    guard try hasRejects() else { return [] }
    let rows = try connection.rows(
      """
      SELECT DISTINCT line FROM temp.\(SourceQuery.rejects) ORDER BY 1
      """
    )
    try dropRejects()
    return rows.compactMap { $0.first?.int.map { Int($0) } }
  }

  private func count(of rows: String) throws -> Int {
    let found = try connection.first(
      """
      SELECT count(*) FROM \(rows)
      """
    )
    return Int(found?.first?.int ?? 0)
  }

  /// True when the engine has made its table, which it does when it first needs it.
  private func hasRejects() throws -> Bool {
    let found = try connection.first(
      """
      SELECT count(*) FROM duckdb_tables() WHERE table_name = '\(SourceQuery.rejects)'
      """
    )
    return found?.first != 0
  }

  private func dropRejects() throws {
    for table in [SourceQuery.rejects, SourceQuery.scans] {
      try connection.execute("DROP TABLE IF EXISTS temp.\(table)")
    }
  }

  /// `file:line` of the nth row that the engine gave.
  private func place(of row: Int64, in file: String, _ rejected: [Int]) -> String {
    var record = Int(row)
    if case .csv(let format) = source.format {
      record += format.skippedLines + (format.hasHeader == true ? 1 : 0)
    }
    for number in rejected where number <= record { record += 1 }
    let line = RecordLines(file, source).line(ofRecord: record)
    return "\(Self.name(file)):\(line.map { "\($0)" } ?? "record \(record)")"
  }

  private func reading<Result>(_ file: String? = nil, _ work: () throws -> Result) throws -> Result
  {
    do {
      return try work()
    } catch let failure as DuckDBFailure {
      if let failure = FailureReader.resource(failure) { throw failure }
      if failure.isInterrupt { throw failure }
      let name = file ?? source.files.first.flatMap { source.files.count == 1 ? $0 : nil }
      let line = failure.text(between: "CSV Error on Line: ", and: "\n").map { ":\($0)" } ?? ""
      let lines = failure.message.split(separator: "\n").map(String.init)
      let words =
        line.isEmpty
        ? failure.summary
        : lines.first { $0.hasPrefix("Error") || $0.hasPrefix("Expected") || $0.contains("quote") }
          ?? failure.summary
      throw WarehouseError(.file, (name.map { "`\($0)`\(line): " } ?? "") + words)
    }
  }

  private static func name(_ file: String) -> String { URL(filePath: file).lastPathComponent }

  private static func shown(_ text: String) -> String {
    text.count > 60 ? text.prefix(60) + "…" : text
  }
}

extension DuckDBConnection {
  func rows(_ sql: String) throws(DuckDBFailure) -> [[Value]] {
    let result = try query(sql)
    var rows: [[Value]] = []
    while let chunk = try result.next(keep: .max) { rows += chunk.rows }
    return rows
  }

  func first(_ sql: String) throws(DuckDBFailure) -> [Value]? { try rows(sql).first }
}

extension String {
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
