import Foundation
import SQLWarehouse
import Values
import WorkflowEngine

/// The rows of a result on their way out; every call reads them from the beginning.
struct ResultRows: Sendable {
  enum Source: Sendable {
    case query(SQLStatement)
    /// All rows of a job that ran before, of plain types only.
    case kept(QueryResult, database: String)
  }

  let warehouse: any Warehouse
  let source: Source
  /// A CSV file that gets the rows too.
  var download: String?
  /// Names the write where the rows go to a table of the warehouse; nil where it may happen twice.
  var once: WriteKey?
  /// For files that live as long as one call.
  let scratch: ScratchFiles

  /// Hands the rows over batch by batch, at least once.
  ///
  /// - Returns: the number of rows, the first of them, and the columns.
  func forEachBatch(_ body: (RowBatch) async throws -> Void) async throws -> QueryResult {
    let copy = try download.map { path throws(TaskFailure) in
      try ResultFile(path: path, format: RowFormat(.csv), option: "download_file")
    }
    var first: [[Value]] = []
    func take(_ batch: RowBatch) async throws {
      first += batch.rows.prefix(max(0, QueryTable.rowLimit - first.count))
      try copy?.append(batch)
      try await body(batch)
    }
    var result: QueryResult
    switch source {
    case .query(let statement):
      result = try await warehouse.forEachBatch(of: statement) { try await take($0) }
    case .kept(let kept, _):
      result = kept
      try await take(RowBatch(columns: kept.columns, rows: kept.rows))
    }
    try copy?.finish()
    result.rows = first
    return result
  }

  /// Writes the rows as one Parquet file.
  func writeParquet(to file: String) async throws -> QueryResult {
    try refuseDownload("a Parquet file")
    switch source {
    case .query(let statement):
      return try await warehouse.exportParquet(
        statement,
        to: file,
        rowLimit: QueryTable.rowLimit
      )
    case .kept(let kept, let database):
      let table = TableName(database: database, table: "tadoru_" + scratch.newName())
      _ = try await load(kept, into: table, .overwrite, once: nil)
      do {
        _ = try await warehouse.exportParquet(table, to: file)
      } catch {
        // why: the first error counts
        _ = try? await warehouse.apply(.dropTable(table))
        throw error
      }
      try await warehouse.apply(.dropTable(table))
      return kept
    }
  }

  /// Puts the rows into a table of the warehouse, whose database must exist.
  func put(into table: TableName, _ mode: ImportMode) async throws -> QueryResult {
    try refuseDownload("a table of the warehouse")
    var result: QueryResult
    switch (source, mode) {
    case (.query(var statement), .append):
      statement.once = once
      result = try await warehouse.insert(statement, into: table)
    case (.query(var statement), .overwrite):
      statement.once = once
      result = try await warehouse.createTable(table, as: statement)
    case (.kept(let kept, _), _):
      result = kept
      result.earlier = try await load(kept, into: table, mode, once: once).earlier
      return result
    }
    result.rows = []
    return result
  }

  /// Loads kept rows by way of a CSV file.
  private func load(
    _ kept: QueryResult,
    into table: TableName,
    _ mode: ImportMode,
    once key: WriteKey?
  ) async throws -> ImportReport {
    let path = scratch.path("csv")
    defer { unlink(path) }
    var format = RowFormat(.csv)
    format.nullText = Self.nullMark
    format.lineEnd = "\n"
    let file = try ResultFile(path: path, format: format, option: "result")
    try file.append(RowBatch(columns: kept.columns, rows: kept.rows))
    try file.finish()
    var read = CSVFormat()
    read.nullText = Self.nullMark
    read.emptyIsNull = false
    read.columns = kept.columns
    let source = TableSource(.csv(path: path, format: read))
    return try await warehouse.load(source, into: table, mode: mode, once: key)
  }

  /// No text of a result reads like this.
  private static let nullMark = "\u{1A}null\u{1A}"

  private func refuseDownload(_ place: String) throws(TaskFailure) {
    guard download != nil else { return }
    throw TaskFailure(
      .config,
      "`download_file` cannot be had together with a result that goes to \(place); use a task for each"
    )
  }
}

/// Names for files that live as long as one task.
struct ScratchFiles: Sendable {
  let folder: String
  let newID: @Sendable () -> String

  func newName() -> String { newID().replacing("-", with: "_") }

  func path(_ suffix: String) -> String {
    (folder.hasSuffix("/") ? folder : folder + "/") + "tadoru-result-\(newID()).\(suffix)"
  }
}
