import Values

/// Names, literals and rows as PostgreSQL reads them.
enum PostgreSQLText {
  /// An identifier in quotes, those inside doubled.
  static func quoted(name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// A literal in quotes; the server's `standard_conforming_strings` is on.
  static func quoted(text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }

  /// Appends a row in the text format of `COPY`: tabs, `\N` for null.
  static func appendCopyLine(_ row: [Value], to bytes: inout [UInt8]) {
    for (index, value) in row.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: "\t")) }
      guard !value.isNull else {
        bytes += "\\N".utf8
        continue
      }
      for byte in value.text.utf8 {
        switch byte {
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case UInt8(ascii: "\t"): bytes += "\\t".utf8
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\r"): bytes += "\\r".utf8
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}

/// A table of PostgreSQL, with or without its schema.
struct PostgreSQLTable: Sendable, Hashable, CustomStringConvertible {
  let schema: String?
  let name: String

  init(schema: String? = nil, name: String) {
    self.schema = schema
    self.name = name
  }

  /// In quotes, fit for a statement.
  var quoted: String {
    (schema.map { PostgreSQLText.quoted(name: $0) + "." } ?? "")
      + PostgreSQLText.quoted(name: name)
  }

  var description: String { (schema.map { $0 + "." } ?? "") + name }
}
