import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// `parser:` of a configuration: how the files are written, and which columns they have.
struct LoadParser {
  let format: TableSource.Format
  /// nil when the files are to be asked.
  let columns: [SourceColumn]?
  let stopsOnBadRows: Bool
  /// `UTF-8`, or what the files must be converted from.
  let charset: String

  private static let types = ["csv", "tsv", "json", "jsonl", "parquet"]

  /// Reads the map; without one the names of the files say how they are written.
  ///
  /// `takesRecord` is true when a filter works on the column `record`, which holds the whole object of a JSON file.
  init(_ parser: Parameters, files: [String], takesRecord: Bool) throws {
    let type = try parser.text("type") ?? Self.type(of: files)
    guard Self.types.contains(type) else {
      let near = Suggestion.nearest(to: type, among: Self.types, limit: 1).first
      throw TaskFailure(
        .config,
        "`parser` cannot read `\(type)`" + (near.map { "; did you mean `\($0)`?" } ?? "")
          + "; it reads \(Self.types.map { "`\($0)`" }.joined(separator: ", "))"
      )
    }
    stopsOnBadRows = try parser.bool("stop_on_invalid_record")
    let charset = try parser.text("charset") ?? "UTF-8"
    self.charset = Self.isUTF8(charset) ? "UTF-8" : charset
    let declared = try LoadColumn.list(parser)
    switch type {
    case "parquet":
      format = .parquet
      columns = declared?.map { $0.source(.column($0.name), trims: false) }
    case "json", "jsonl":
      format = .json(isLines: type == "jsonl" || files.allSatisfy(Self.beginsWithObjectLine))
      columns =
        takesRecord && declared == nil
        ? [SourceColumn(name: "record", origin: .path([]), conversion: .text)]
        : declared?.map { $0.source(.path([$0.name]), trims: false) }
    default:  // why: the two left are one format
      format = .csv(try Self.csv(parser, isTSV: type == "tsv", declared))
      let trims = try parser.bool("trim_if_not_quoted")
      columns = declared?.map { $0.source(.column($0.name), trims: trims) }
    }
  }

  private static func csv(
    _ parser: Parameters,
    isTSV: Bool,
    _ declared: [LoadColumn]?
  ) throws -> CSVFormat {
    var format = CSVFormat()
    let delimiter = try parser.text("delimiter") ?? (isTSV ? "\t" : ",")
    format.delimiter = delimiter.replacing("\\t", with: "\t")
    guard !format.delimiter.isEmpty, format.delimiter.utf8.count <= 4 else {
      throw TaskFailure(.config, "`delimiter` must be one to four bytes, found `\(delimiter)`")
    }
    format.quote = try single("quote", parser) ?? "\""
    let escape = try single("escape", parser) ?? "\""
    format.escape = escape.isEmpty ? format.quote : escape
    if let text = try parser.text("null_string") { format.nullText = text }
    format.comment = try single("comment_line_marker", parser) ?? ""
    format.allowsMissingColumns = try parser.bool("allow_optional_columns")
    format.allowsExtraColumns = try parser.bool("allow_extra_columns")
    for key in ["newline", "max_quoted_size_limit", "default_timezone", "quotes_in_quoted_fields"] {
      _ = parser.contains(key)
    }
    let skipped = Int(try parser.int("skip_header_lines") ?? 0)
    let hasHeader = try parser.contains("header_line") ? parser.bool("header_line") : nil
    if let declared {
      format.columns = declared.map { TableColumn(name: $0.name, type: "VARCHAR") }
      format.hasHeader = false
      format.skippedLines = skipped + (hasHeader == true ? 1 : 0)
    } else if let hasHeader {
      (format.hasHeader, format.skippedLines) = (hasHeader, skipped)
    } else if parser.contains("skip_header_lines") {
      (format.hasHeader, format.skippedLines) = (skipped > 0, max(0, skipped - 1))
    } else {
      format.hasHeader = nil
    }
    return format
  }

  /// One sign, or none.
  private static func single(_ key: String, _ parser: Parameters) throws -> String? {
    guard parser.values[key] != .null else { return "" }
    guard let text = try parser.text(key) else { return nil }
    guard text.utf8.count <= 1 else {
      throw TaskFailure(.config, "`\(key)` must be one character of ASCII, found `\(text)`")
    }
    return text
  }

  /// Without `parser: {type: …}` the name of the first file counts.
  private static func type(of files: [String]) -> String {
    let name = files.first.map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 } ?? ""
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return ["tsv", "json", "jsonl", "parquet"].contains(ending)
      ? ending : ending == "ndjson" ? "jsonl" : "csv"
  }

  private static func isUTF8(_ charset: String) -> Bool {
    ["utf8", "utf8n", "ascii", "usascii"].contains(
      charset.lowercased().filter { $0.isLetter || $0.isNumber }
    )
  }

  /// True when the first line is an object of its own: then every line is taken to be one.
  private static func beginsWithObjectLine(_ file: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: file) else { return false }
    defer { handle.closeFile() }
    // why: a file that cannot be read is reported by the load itself
    guard let start = try? handle.read(upToCount: 1 << 20) else { return false }
    let line = start.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first ?? Data()
    // why: a line that is no JSON is an answer too
    return (try? JSON.decode(String(decoding: line, as: UTF8.self)))?.object != nil
  }
}

/// A column as a configuration declares it.
struct LoadColumn {
  enum Kind: String, CaseIterable { case long, double, string, boolean, timestamp, json }

  let name: String
  let kind: Kind
  let time: TimeFormat

  /// The columns of a parser; nil when it has none.
  static func list(_ parser: Parameters) throws -> [LoadColumn]? {
    let zone = try parser.text("default_timezone") ?? "UTC"
    let pattern = try parser.text("default_timestamp_format")
    guard let list = try parser.list("columns"), !list.isEmpty else { return nil }
    var seen: Set<String> = []
    return try list.map { entry in
      let column = try LoadColumn(entry, zone: zone, pattern: pattern)
      guard seen.insert(column.name.lowercased()).inserted else {
        throw TaskFailure(.config, "`columns` has `\(column.name)` twice")
      }
      return column
    }
  }

  init(_ entry: Value, zone: String, pattern: String?) throws {
    guard let object = entry.object else {
      throw TaskFailure(
        .config,
        "`columns` must be maps as `{name: id, type: long}`, found the \(entry.kind) `\(entry)`"
      )
    }
    let column = Parameters(object)
    name = try column.requiredText("name")
    kind = try LoadColumn.kind(column.text("type") ?? "string", of: name)
    time = TimeFormat(
      pattern: try column.text("format") ?? pattern,
      zone: try column.text("timezone") ?? zone
    )
  }

  static func kind(_ text: String, of name: String) throws -> Kind {
    let synonyms = ["integer": "long", "int": "long", "float": "double", "text": "string"]
    guard let kind = Kind(rawValue: synonyms[text] ?? text) else {
      let kinds = Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw TaskFailure(.config, "column `\(name)` has the type `\(text)`; types are \(kinds)")
    }
    return kind
  }

  /// The service keeps the column `time` as seconds since 1970.
  func source(_ origin: SourceColumn.Origin, trims: Bool) -> SourceColumn {
    let conversion: SourceColumn.Conversion =
      switch kind {
      case .long: .integer
      case .double: .float
      case .string: trims ? .trimmedText : .text
      case .json: .text
      case .boolean: .truth
      case .timestamp: name == "time" ? .unixTime(time) : .timestamp(time)
      }
    return SourceColumn(name: name, origin: origin, conversion: conversion)
  }
}
