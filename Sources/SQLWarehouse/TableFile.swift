/// A file that holds a table.
public enum TableFile: Sendable, Hashable {
  case parquet(path: String)
  case csv(path: String, format: CSVFormat)

  public var path: String {
    switch self {
    case .parquet(let path): path
    case .csv(let path, _): path
    }
  }
}

/// What becomes of the rows that a table already has.
public enum ImportMode: String, Sendable, Hashable {
  case overwrite, append
}

/// How a CSV file is written.
public struct CSVFormat: Sendable, Hashable {
  public var delimiter = ","
  /// True when the first line (after the skipped ones) names the columns.
  public var hasHeader = true
  public var skippedLines = 0
  /// The text that stands for no value.
  public var nullText = ""
  /// Names and types; nil finds them from the file.
  ///
  /// Blanks around a text are kept either way.
  public var columns: [TableColumn]?

  public init() {}
}
