/// Names and texts as parts of the engine's SQL.
enum SQLText {
  static func quoted(name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  static func quoted(text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  static func quoted(_ table: TableName) -> String {
    "warehouse.\(quoted(name: table.database)).\(quoted(name: table.table))"
  }
}
