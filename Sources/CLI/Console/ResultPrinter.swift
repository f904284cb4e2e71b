import ArgumentParser
import Foundation
import SQLWarehouse
import Values

/// The form in which rows are printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument { case table, csv, json }

/// Prints rows on stdout: a table for people, CSV (RFC 4180) or an array of JSON objects for machines.
struct ResultPrinter {
  private let format: ResultFormat
  private let limit: Int
  private var printed = 0
  private var kept: [[String]] = []

  init(format: ResultFormat, limit: Int) {
    self.format = format
    self.limit = limit
  }

  /// Prints or keeps the next rows.
  mutating func take(_ batch: RowBatch) {
    let rows = batch.rows.prefix(limit - printed)
    if printed == 0, format == .csv { header(batch.columns) }
    switch format {
    case .table: kept += rows.map { $0.map(Self.cell) }
    case .csv:
      for row in rows {
        StandardOutput.write(Array((row.map(Self.field).joined(separator: ",") + "\n").utf8))
      }
    case .json:
      for row in rows {
        let object = ObjectValue(zip(batch.columns, row).map { ($0.name, $1) })
        StandardOutput.write(
          Array(((printed == 0 ? "[\n" : ",\n") + JSON.encode(.object(object))).utf8)
        )
        printed += 1
      }
      return
    }
    printed += rows.count
  }

  /// Prints what was kept and how many rows there are.
  mutating func finish(columns: [TableColumn], rowCount: Int) {
    switch format {
    case .csv: if printed == 0, !columns.isEmpty { header(columns) }
    case .json: StandardOutput.line(printed == 0 ? "[]" : "\n]")
    case .table:
      if !columns.isEmpty {
        StandardOutput.line(TextTable(header: columns.map(\.name), rows: kept).text)
      }
      let more = rowCount > printed ? ", \(printed) shown" : ""
      StandardError.line("\(rowCount) row\(rowCount == 1 ? "" : "s")\(more)")
    }
  }

  private func header(_ columns: [TableColumn]) {
    StandardOutput.line(columns.map { Self.field(.string($0.name)) }.joined(separator: ","))
  }

  private static func cell(_ value: Value) -> String {
    value.isNull ? "NULL" : value.text.replacing("\n", with: "\\n")
  }

  private static func field(_ value: Value) -> String {
    guard !value.isNull else { return "" }
    let text = value.text
    guard text.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// A table of text with aligned columns.
struct TextTable {
  let header: [String]
  let rows: [[String]]

  /// Lines joined by newlines, without one at the end.
  var text: String {
    let widths = header.indices.map { column in
      min(60, ([header] + rows).map { $0[column].count }.max() ?? 0)
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    return ([line(header, widths), rule] + rows.map { line($0, widths) }).joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    zip(cells, widths)
      .map { cell, width in
        let shown = cell.count > width ? String(cell.prefix(width - 1)) + "…" : cell
        return shown + String(repeating: " ", count: width - shown.count)
      }
      .joined(separator: "  ").trimmedEnd
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
