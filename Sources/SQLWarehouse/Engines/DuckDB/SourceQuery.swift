import Values

/// The engine's queries over the files of a source.
struct SourceQuery {
  /// Names of the temporary tables into which the engine writes the rows that are no rows.
  static let rejects = "tadoru_rejects"
  static let scans = "tadoru_reject_scans"

  let source: TableSource

  init(_ source: TableSource) throws(WarehouseError) {
    self.source = source
    guard case .csv(let format) = source.format else { return }
    for column in format.columns ?? []
    where column.type.contains(where: { !$0.isLetter && !$0.isNumber && !" (),[]".contains($0) }) {
      throw WarehouseError(.badName, "`\(column.type)` is no type for the column `\(column.name)`")
    }
  }

  /// What is done with rows that cannot be parted into values.
  enum Structure {
    /// They end the query.
    case fails
    case ignored
    /// They are kept in the table ``rejects``.
    case kept
  }

  /// The rows of some of the files, before any conversion.
  func rows(of files: [String], _ structure: Structure) -> String {
    let list = "[" + files.map(SQLText.quoted(text:)).joined(separator: ", ") + "]"
    var options: [String] = []
    switch source.format {
    case .parquet: return "read_parquet(\(list))"
    case .json(let isLines):
      if source.isGzip { options.append("compression = 'gzip'") }
      options.append("format = '\(isLines ? "newline_delimited" : "auto")'")
      options.append("maximum_object_size = 33554432")
      if readsObjects {
        if isLines, structure != .fails { options.append("ignore_errors = true") }
        return "read_json_objects(\(([list] + options).joined(separator: ", ")))"
      }
      options.append("sample_size = -1")
      options.append("union_by_name = true")
      return "read_json(\(([list] + options).joined(separator: ", ")))"
    case .csv(let format):
      options += Self.options(format, several: files.count > 1)
      if source.isGzip { options.append("compression = 'gzip'") }
      switch structure {
      case .fails: break
      case .ignored: options.append("ignore_errors = true")
      case .kept:
        options.append("store_rejects = true")
        options.append("rejects_table = '\(Self.rejects)'")
        options.append("rejects_scan = '\(Self.scans)'")
      }
      return "read_csv(\(([list] + options).joined(separator: ", ")))"
    }
  }

  /// True when every record is read as one JSON object out of which columns are taken.
  var readsObjects: Bool {
    guard case .json = source.format, let columns = source.columns else { return false }
    return columns.contains { if case .path = $0.origin { true } else { false } }
  }

  private static func options(_ format: CSVFormat, several: Bool) -> [String] {
    var nulls = [format.nullText]
    if format.emptyIsNull, format.nullText != "" { nulls.append("") }
    var options = [
      "delim = \(SQLText.quoted(text: format.delimiter))",
      "quote = \(SQLText.quoted(text: format.quote))",
      "escape = \(SQLText.quoted(text: format.quote.isEmpty ? "" : format.escape))",
      "nullstr = [\(nulls.map(SQLText.quoted(text:)).joined(separator: ", "))]",
      "allow_quoted_nulls = false", "max_line_size = 16777216",
    ]
    if !format.comment.isEmpty {
      options.append("comment = \(SQLText.quoted(text: format.comment))")
    }
    if format.allowsMissingColumns {
      // why: the engine cannot do the one in parallel with line ends inside of quotes
      options += ["null_padding = true", "parallel = false"]
    }
    // why: the engine's word for ignoring what is too much
    if format.allowsExtraColumns { options.append("strict_mode = false") }
    if let columns = format.columns {
      let fields = columns.map { "\(SQLText.quoted(text: $0.name)): '\($0.type)'" }
      // why: with `header` the engine would look for a header, and its names would count
      let skipped = format.skippedLines + (format.hasHeader == true ? 1 : 0)
      options.append("auto_detect = false")
      options.append("header = false")
      options.append("skip = \(skipped)")
      options.append("columns = {\(fields.joined(separator: ", "))}")
    } else {
      if let hasHeader = format.hasHeader { options.append("header = \(hasHeader)") }
      if format.skippedLines > 0 { options.append("skip = \(format.skippedLines)") }
      // why: a type is found from all rows, not from a sample that later rows may contradict
      options.append("sample_size = -1")
      if several { options.append("union_by_name = true") }
    }
    return options
  }

  /// The query whose rows the table gets.
  func table(_ structure: Structure) -> String {
    let rows = rows(of: source.files, structure)
    guard let columns = source.columns else { return "FROM \(rows)" }
    let fields = columns.map {
      "\(ColumnConversion($0).value) AS \(SQLText.quoted(name: $0.name))"
    }
    return """
      SELECT \(fields.joined(separator: ", ")) FROM \(rows)
      WHERE \(condition ?? "true")
      """
  }

  /// What a row must fulfil to be taken; nil when every row does.
  var condition: String? {
    var conditions = (source.columns ?? []).compactMap { ColumnConversion($0).condition }
    if readsObjects { conditions.insert("coalesce(json_type(json) = 'OBJECT', false)", at: 0) }
    return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
  }
}

/// The SQL that makes a column's values of what a file has.
struct ColumnConversion {
  let column: SourceColumn

  init(_ column: SourceColumn) { self.column = column }

  /// The value as the file has it: text where there is a conversion.
  var raw: String {
    switch column.origin {
    case .column(let name):
      let field = SQLText.quoted(name: name)
      return column.conversion == .none ? field : "CAST(\(field) AS VARCHAR)"
    case .path(let keys) where keys.isEmpty: return "CAST(json AS VARCHAR)"
    case .path(let keys):
      let path = keys.map { ".\"" + $0.replacing("\"", with: "\\\"") + "\"" }.joined()
      return "json_extract_string(json, \(SQLText.quoted(text: "$" + path)))"
    case .constant(let value):
      switch value {
      case .null: return "NULL"
      case .bool, .int: return value.text
      case .double(let number): return "CAST(\(number) AS DOUBLE)"
      case .string, .array, .object: return SQLText.quoted(text: value.text)
      }
    }
  }

  /// The value that the table gets; null where the text is none of its type.
  var value: String {
    switch column.conversion {
    case .none: raw
    case .text: "CAST(\(raw) AS VARCHAR)"
    case .trimmedText: "trim(\(raw))"
    // why: the engine would round `1.5`
    case .integer:
      "CASE WHEN regexp_full_match(\(raw), '\\s*[-+]?[0-9]+(\\.0*)?\\s*') THEN TRY_CAST(\(raw) AS BIGINT) END"
    case .float: "TRY_CAST(\(raw) AS DOUBLE)"
    case .truth: "lower(trim(\(raw))) IN ('true', 'yes', 't', 'y', 'on', '1')"
    case .timestamp(let format): time(format)
    case .unixTime(let format): seconds(format)
    }
  }

  /// True for rows whose text is one of the type; nil when every text is.
  var condition: String? {
    if case .constant = column.origin { return nil }
    switch column.conversion {
    case .none, .text, .trimmedText, .truth: return nil
    case .integer, .float, .timestamp, .unixTime: return "(\(raw) IS NULL OR \(value) IS NOT NULL)"
    }
  }

  /// What the text should be, for messages.
  var expectation: String {
    switch column.conversion {
    case .none, .text, .trimmedText, .truth: "a text"
    case .integer: "an integer"
    case .float: "a number"
    case .timestamp(let format), .unixTime(let format):
      "a time" + (format.pattern.map { " as `\($0)`" } ?? "")
    }
  }

  /// A number is taken as it is, unless a pattern says that it is a time.
  private func seconds(_ format: TimeFormat) -> String {
    let number =
      "TRY_CAST(regexp_extract(\(raw), '^\\s*([-+]?[0-9]{5,})(\\.[0-9]*)?\\s*$', 1) AS BIGINT)"
    let ofTime = "CAST(floor(epoch(\(time(format)))) AS BIGINT)"
    let order = format.pattern == nil ? [number, ofTime] : [ofTime, number]
    return "coalesce(\(order.joined(separator: ", ")))"
  }

  private func time(_ format: TimeFormat) -> String {
    let zone = SQLText.quoted(text: format.zone)
    let shifted = { (local: String) in
      format.zone == "UTC" ? local : "\(local) AT TIME ZONE \(zone) AT TIME ZONE 'UTC'"
    }
    guard let pattern = format.pattern else {
      let local = "TRY_CAST(\(raw) AS TIMESTAMP)"
      guard format.zone != "UTC" else { return local }
      let named =
        "regexp_matches(trim(\(raw)), '[0-9](Z|[ ]?[-+][0-9:]+|[ ]?UTC)$') AND \(raw) LIKE '%:%'"
      return "CASE WHEN \(named) THEN \(local) ELSE \(shifted(local)) END"
    }
    if pattern == "%s" {
      return "make_timestamp(CAST(TRY_CAST(\(raw) AS DOUBLE) * 1000000 AS BIGINT))"
    }
    let forms = Self.patterns(pattern).map { pattern in
      let parsed = "try_strptime(\(raw), \(SQLText.quoted(text: pattern)))"
      return pattern.contains("%z") || pattern.contains("%Z")
        ? "timezone('UTC', \(parsed))" : shifted(parsed)
    }
    return forms.count == 1 ? forms[0] : "coalesce(\(forms.joined(separator: ", ")))"
  }

  /// The engine's patterns for one of strptime: fractions of a second have other signs there.
  static func patterns(_ pattern: String) -> [String] {
    var common = pattern
    for (sign, replacement) in [
      ("%T", "%H:%M:%S"), ("%R", "%H:%M"), ("%F", "%Y-%m-%d"), ("%D", "%m/%d/%y"), ("%e", "%-d"),
      ("%::z", "%z"), ("%:z", "%z"), ("%3N", "%f"), ("%6N", "%f"), ("%9N", "%n"), ("%L", "%f"),
    ] { common = common.replacing(sign, with: replacement) }
    guard common.contains("%N") else { return [common] }
    return [common.replacing("%N", with: "%f"), common.replacing("%N", with: "%n")]
  }
}
