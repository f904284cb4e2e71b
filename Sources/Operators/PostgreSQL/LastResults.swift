import Values
import WorkflowEngine
import WorkflowLanguage

/// Which rows `store_last_results` keeps for the tasks that follow, within the limits of what a parameter may hold.
enum LastResults: String, Sendable {
  case first, all

  static let mostRows = 8192
  static let mostColumns = 64
  static let longestText = 256

  /// The option; nil for `false` and when it is missing.
  init?(_ options: Parameters) throws(TaskFailure) {
    guard let value = options.value("store_last_results"), value != false, value != "false",
      value != ""
    else { return nil }
    guard let text = value.string, let chosen = LastResults(rawValue: text) else {
      throw TaskFailure(
        .config,
        "store_last_results must be either of `false`, `first`, or `all`, found `\(value.text)`"
      )
    }
    self = chosen
  }

  /// Takes the rows of a batch that are wanted.
  ///
  /// - Throws: ``TaskFailure`` when a limit is exceeded.
  func collect(_ batch: PostgreSQLBatch, into rows: inout [ObjectValue]) throws(TaskFailure) {
    if batch.columns.count > Self.mostColumns {
      throw Self.exceeded("number of result columns", batch.columns.count, Self.mostColumns)
    }
    let wanted = self == .first ? batch.rows.prefix(1 - min(1, rows.count)) : batch.rows[...]
    for row in wanted {
      for case .string(let text) in row where text.count > Self.longestText {
        throw Self.exceeded("length of a result value", text.count, Self.longestText)
      }
      rows.append(ObjectValue(zip(batch.columns, row).map { ($0.name, $1) }))
    }
    if rows.count > Self.mostRows {
      throw Self.exceeded("number of result rows", rows.count, Self.mostRows)
    }
  }

  /// What is stored: the first row as a map, empty without rows, or a list of maps.
  func value(_ rows: [ObjectValue]) -> Value {
    switch self {
    case .first: .object(rows.first ?? [:])
    case .all: .array(rows.map { .object($0) })
    }
  }

  private static func exceeded(_ what: String, _ found: Int, _ limit: Int) -> TaskFailure {
    TaskFailure(
      .config,
      "The \(what) exceeded the limit: \(found) > \(limit); "
        + "`download_file` and `create_table` have no limit"
    )
  }
}
