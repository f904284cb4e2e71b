import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// How rows become the bytes of a file or of a request.
struct RowFormat: Sendable, Hashable {
  enum Kind: String, Sendable, CaseIterable {
    case csv, tsv, jsonl, json, parquet
  }

  var kind: Kind
  var isPacked = false
  /// For CSV and TSV.
  var hasHeader = true
  var delimiter = ","
  var lineEnd = "\r\n"
  /// What stands for null; a text that reads the same is put in quotes.
  var nullText = ""

  init(_ kind: Kind) {
    self.kind = kind
    if kind == .tsv { (delimiter, lineEnd) = ("\t", "\n") }
  }

  /// The end of a file's name, as `csv.gz`.
  var suffix: String { kind.rawValue + (isPacked ? ".gz" : "") }

  var mediaType: String {
    if isPacked { return "application/gzip" }
    switch kind {
    case .csv: return "text/csv; charset=utf-8"
    case .tsv: return "text/tab-separated-values; charset=utf-8"
    case .jsonl: return "application/x-ndjson"
    case .json: return "application/json"
    case .parquet: return "application/vnd.apache.parquet"
    }
  }

  /// Reads `format`, `compression`, `header`, `delimiter`, `newline` and `null`; the name of the file says what they leave open.
  init(_ settings: Parameters, file: String, default usual: Kind = .csv) throws {
    let parts = file.lowercased().split(separator: ".").suffix(2).map(String.init)
    let isNamedPacked = parts.last == "gz"
    let ending = isNamedPacked ? parts.first : parts.last
    if let written = try settings.text("format") {
      self.init(try Self.kind(written))
    } else {
      self.init(ending.flatMap(Self.named) ?? usual)
    }
    switch try settings.text("compression")?.lowercased() {
    case nil: isPacked = isNamedPacked
    case "", "none": isPacked = false
    case "gz", "gzip": isPacked = true
    case let other?:
      throw TaskFailure(.config, "`compression` must be gz or none, found `\(other)`")
    }
    if kind == .parquet, isPacked {
      throw TaskFailure(.config, "Parquet is packed already: leave out `compression` and `.gz`")
    }
    hasHeader = try settings.bool("header", default: true)
    if let text = try settings.text("delimiter") { delimiter = try Self.delimiter(text) }
    if let text = try settings.text("newline") { lineEnd = try Self.lineEnd(text) }
    nullText = try settings.text("null") ?? settings.text("null_string") ?? ""
  }

  private static func named(_ ending: String) -> Kind? {
    switch ending {
    case "csv": .csv
    case "tsv": .tsv
    case "jsonl", "ndjson": .jsonl
    case "json": .json
    case "parquet": .parquet
    default: nil
    }
  }

  private static func kind(_ written: String) throws(TaskFailure) -> Kind {
    if let kind = named(written.lowercased()) { return kind }
    throw TaskFailure(
      .config,
      "`format` must be csv, tsv, jsonl, json or parquet, found `\(written)`"
    )
  }

  private static func delimiter(_ text: String) throws(TaskFailure) -> String {
    let plain = ["\\t": "\t", "tab": "\t"][text.lowercased()] ?? text
    guard plain.count == 1, !["\"", "\n", "\r"].contains(plain) else {
      throw TaskFailure(.config, "`delimiter` must be one character, or `tab`, found `\(text)`")
    }
    return plain
  }

  private static func lineEnd(_ text: String) throws(TaskFailure) -> String {
    switch text.uppercased() {
    case "CRLF": return "\r\n"
    case "LF": return "\n"
    case "CR": return "\r"
    default: throw TaskFailure(.config, "`newline` must be CRLF, LF or CR, found `\(text)`")
    }
  }
}

/// Writes the rows of one result in a format that goes row by row.
struct RowEncoder: Sendable {
  let format: RowFormat
  private var hasBegun = false
  private var hasRows = false

  init(_ format: RowFormat) { self.format = format }

  /// The bytes of some rows, with what comes in front of the first.
  mutating func encode(_ batch: RowBatch) -> [UInt8] {
    var text = ""
    let isFirst = !hasBegun
    hasBegun = true
    switch format.kind {
    case .csv, .tsv, .parquet:
      if isFirst, format.hasHeader { text += line(batch.columns.map { .string($0.name) }) }
      for row in batch.rows { text += line(row) }
    case .jsonl:
      for row in batch.rows { text += Self.object(batch.columns, row) + "\n" }
    case .json:
      for row in batch.rows {
        text += (hasRows ? ",\n" : "[\n") + Self.object(batch.columns, row)
        hasRows = true
      }
    }
    return Array(text.utf8)
  }

  /// The bytes that come behind the last row.
  func end() -> [UInt8] {
    format.kind == .json ? Array((hasRows ? "\n]\n" : "[]\n").utf8) : []
  }

  private static func object(_ columns: [TableColumn], _ row: [Value]) -> String {
    JSON.encode(.object(ObjectValue(zip(columns, row).map { ($0.name, $1) })))
  }

  private func line(_ row: [Value]) -> String {
    row.map(field).joined(separator: format.delimiter) + format.lineEnd
  }

  private func field(_ value: Value) -> String {
    if value.isNull { return format.nullText }
    let text = value.text
    let isPlain = !text.utf8.contains { $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    if isPlain, !text.contains(format.delimiter), format.nullText.isEmpty || text != format.nullText
    {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
