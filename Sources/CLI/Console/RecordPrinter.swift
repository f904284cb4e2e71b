import Values

/// Prints records: as a table of some of their members, one after another in full, or as JSON.
enum RecordPrinter {
  static func json(_ records: [ObjectValue]) {
    StandardOutput.line(JSON.encode(.array(records.map { .object($0) }), pretty: true))
  }

  static func json(_ record: ObjectValue) {
    StandardOutput.line(JSON.encode(.object(record), pretty: true))
  }

  /// Shows only the members of these names, in this order.
  static func table(_ records: [ObjectValue], _ columns: [String]) {
    let rows = records.map { record in
      columns.map { column in
        record[column].map { $0.isNull ? "-" : $0.text.isEmpty ? "-" : $0.text } ?? "-"
      }
    }
    StandardOutput.line(TextTable(header: columns, rows: rows).text)
  }

  /// Each member on a line of its own.
  static func lines(_ record: ObjectValue) {
    let width = record.keys.map(\.count).max() ?? 0
    for (key, value) in record {
      let gap = String(repeating: " ", count: width - key.count)
      StandardOutput.line("  \(gap)\(key): \(value.isNull ? "" : value.text)")
    }
  }
}
