import SQLWarehouse
import Values

/// A few rows as lines of a log, in columns.
struct QueryTable {
  static let rowLimit = 20
  private static let widest = 40

  let result: QueryResult
  /// All rows there are; nil when that is not known.
  let total: Int?

  /// Names, a rule, the rows, and how many of all they are.
  var lines: [String] {
    let names = result.columns.map(\.name)
    let rows = result.rows.prefix(Self.rowLimit).map { $0.map(Self.cell) }
    let widths = names.indices.map { column in
      ([names[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
    let body = ([names] + [widths.map { String(repeating: "-", count: $0) }] + rows).map { cells in
      zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
    return body + ["\(rows.count) \(total.map { "of \($0) " } ?? "")rows"]
  }

  private static func cell(_ value: Value) -> String {
    let text = String(
      value.text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    )
    return text.count > widest ? text.prefix(widest - 1) + "…" : text
  }
}
