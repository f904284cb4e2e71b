public import Values

/// Files that hold one table together, and what becomes of their columns on the way into the warehouse.
public struct TableSource: Sendable, Hashable {
  /// How the files are written.
  public enum Format: Sendable, Hashable {
    case parquet
    case csv(CSVFormat)
    /// One object a line; `false` for arrays and objects over several lines.
    case json(isLines: Bool)
  }

  /// One or more, of the same format, with the same columns.
  public var files: [String]
  public var format: Format
  /// What the table gets; nil takes the columns as they are, with types found from all rows.
  public var columns: [SourceColumn]?
  /// True when the files are packed with gzip; else a name ending in `.gz` says so.
  public var isGzip = false
  /// True leaves out rows that are not as they should be, and counts them; false makes the first of them an error.
  public var skipsBadRows = false

  public init(files: [String], format: Format, columns: [SourceColumn]? = nil) {
    self.files = files
    self.format = format
    self.columns = columns
  }
}

extension TableSource {
  /// One file, with its columns as they are.
  public init(_ file: TableFile) {
    switch file {
    case .parquet(let path): self.init(files: [path], format: .parquet)
    case .csv(let path, let format): self.init(files: [path], format: .csv(format))
    }
  }
}

/// A column that a table gets from files.
public struct SourceColumn: Sendable, Hashable {
  /// Where its values are in the files.
  public enum Origin: Sendable, Hashable {
    case column(String)
    /// A place inside of the objects of a JSON file; no keys mean the whole object.
    case path([String])
    /// The same for every row.
    case constant(Value)
  }

  /// How a text becomes a value; one that cannot makes its row a bad one.
  public enum Conversion: Sendable, Hashable {
    /// As it is in the file.
    case none
    case text, integer, float
    /// Text without the blanks around it.
    case trimmedText
    /// True for `true`, `yes`, `t`, `y`, `on`, `1`, false for all else.
    case truth
    /// UTC; a time without a zone is in the given one.
    case timestamp(TimeFormat)
    /// Seconds since 1970, of a number as it is or of a time.
    case unixTime(TimeFormat)
  }

  public var name: String
  public var origin: Origin
  public var conversion: Conversion

  public init(name: String, origin: Origin, conversion: Conversion = .none) {
    self.name = name
    self.origin = origin
    self.conversion = conversion
  }
}

/// How a time is written.
public struct TimeFormat: Sendable, Hashable {
  /// In the signs of strptime, with `%N`, `%L` for fractions of a second; nil for ISO 8601.
  public var pattern: String?
  /// The zone of times that name none.
  public var zone: String

  public init(pattern: String? = nil, zone: String = "UTC") {
    self.pattern = pattern
    self.zone = zone
  }
}

/// What came of loading files.
public struct ImportReport: Sendable, Hashable {
  /// Rows that the table got.
  public var rowCount: Int
  /// Rows that were left out.
  public var badRowCount = 0
  /// The first of them, each as `file:line: reason`.
  public var problems: [String] = []
  /// The load that was committed under the same key before; nothing was loaded again.
  public var earlier: WriteRecord?

  public init(rowCount: Int) { self.rowCount = rowCount }

  /// What a load that is not done again gives.
  init(earlier: WriteRecord) {
    rowCount = earlier.rowCount
    self.earlier = earlier
  }
}
