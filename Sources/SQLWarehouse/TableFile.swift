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
  /// The sign around a text that holds others; empty for none.
  public var quote = "\""
  /// The sign in front of a quote inside; empty for none.
  public var escape = "\""
  /// True when the first line (after the skipped ones) names the columns; nil finds out.
  public var hasHeader: Bool? = true
  public var skippedLines = 0
  /// The text that stands for no value, unless it is in quotes.
  public var nullText = ""
  /// True when an empty text that is not in quotes stands for no value too.
  public var emptyIsNull = true
  /// Lines that begin with this sign are left out.
  public var comment = ""
  /// True when a row may have fewer values than there are columns; the others are null.
  public var allowsMissingColumns = false
  /// True when a row may have more values than there are columns; the last ones are left out.
  public var allowsExtraColumns = false
  /// Names and types; nil finds them from the file.
  ///
  /// Blanks around a text are kept either way.
  public var columns: [TableColumn]?

  public init() {}
}
