import Foundation
import SQLWarehouse
import Storage
import Values
import WorkflowEngine
import WorkflowLanguage

// From databases: their rows go through a CSV file, which the warehouse reads faster than rows one by one.
extension LoadInput {
  /// How the rows of databases are written between the two.
  private static var format: CSVFormat {
    var format = CSVFormat()
    format.hasHeader = true
    return format
  }

  func postgreSQLRows() async throws -> LoadedData {
    var server = PostgreSQLServer(
      host: try options.requiredText("host"),
      database: try options.requiredText("database"),
      user: try options.requiredText("user")
    )
    if let port = try options.int("port") {
      guard (1...65535).contains(port) else {
        throw TaskFailure(.config, "`port` must be a number from 1 to 65535")
      }
      server.port = Int(port)
    }
    server.password = try options.text("password").map { Secret($0) }
    server.sslMode = try options.bool("ssl") ? .require : .prefer
    server.schema = try options.text("schema")
    if let seconds = try options.number("connect_timeout") {
      server.connectTimeout = .seconds(seconds)
    }
    if let seconds = try options.number("socket_timeout") {
      server.answerTimeout = .seconds(seconds)
    }
    for key in [
      "fetch_rows", "options", "default_timezone", "incremental", "use_raw_query_with_incremental",
    ] {
      _ = options.contains(key)
    }
    let query = try query(named: PostgreSQLText.quoted(name:))
    let path = folder + "/rows.csv"
    do {
      let connection = try await PostgreSQLConnection.open(server.held(to: context))
      let columns = try await connection.transaction(readOnly: true) {
        let columns = try await connection.columns(of: query)
        let count = try await connection.copyCSV(of: query, to: path)
        context.output.info("\(count) rows from \(server.place)")
        return columns
      }
      return data(path, columns.map { ($0.name, Self.conversion($0)) })
    } catch let failure as PostgreSQLFailure {
      throw failure.taskFailure
    }
  }

  private static func conversion(_ column: PostgreSQLColumn) -> SourceColumn.Conversion {
    let time: SourceColumn.Conversion =
      column.name == "time" ? .unixTime(TimeFormat()) : .timestamp(TimeFormat())
    switch column.kind {
    case .truth: return .truth
    case .integer: return .integer
    case .float: return .float
    case .decimal: return column.decimalSize?.scale == 0 ? .integer : .float
    case .timestamp, .zonedTimestamp: return time
    case .date, .time, .json, .text, .other: return .text
    }
  }

  func sqliteRows() throws -> LoadedData {
    let written = try options.text("path") ?? options.requiredText("database")
    let file = try WorkflowFile(written, context)
    let query = try query { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
    let path = folder + "/rows.csv"
    do {
      let reader = try SQLiteReader(path: file.path)
      var table = RowFile(path: path)
      try reader.read(
        query,
        columns: { try table.begin($0) },
        row: {
          try Task.checkCancellation()
          try table.append($0)
        }
      )
      try table.finish()
      context.output.info("\(table.rowCount) rows from `\(written)`")
      return data(path, zip(table.names, table.conversions).map { ($0, $1) })
    } catch let error as StorageError {
      throw TaskFailure(.config, "SQLite, `\(written)`: \(error.message)")
    }
  }

  private func data(
    _ path: String,
    _ columns: [(name: String, conversion: SourceColumn.Conversion)]
  ) -> LoadedData {
    var format = Self.format
    format.columns = columns.map { TableColumn(name: $0.name, type: "VARCHAR") }
    let sources = columns.map {
      SourceColumn(name: $0.name, origin: .column($0.name), conversion: $0.conversion)
    }
    return LoadedData(
      files: [path],
      table: LoadedData.Table(format: format, columns: sources)
    )
  }

  /// `query`, or one of `table` with `select`, `where` and `order_by`.
  private func query(named quoted: (String) -> String) throws -> String {
    if let query = try options.text("query") {
      for key in ["table", "select", "where", "order_by"] where options.contains(key) {
        throw TaskFailure(.config, "`query` and `\(key)` exclude each other")
      }
      var text = Substring(query)
      while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
      return String(text)
    }
    guard let table = try options.text("table") else {
      throw TaskFailure(.config, "the input needs a `query` or a `table`")
    }
    let select = try options.text("select") ?? "*"
    let condition = try options.text("where").map { " WHERE \($0)" } ?? ""
    let order = try options.text("order_by").map { " ORDER BY \($0)" } ?? ""
    // why: the name is quoted; select, where and order_by are SQL by their meaning
    return "SELECT \(select) FROM \(quoted(table))\(condition)\(order)"
  }
}

/// Rows of values without declared types, written as CSV; the types are found on the way.
struct RowFile {
  private let path: String
  private var handle: FileHandle?
  private var buffer: [UInt8] = []
  private(set) var names: [String] = []
  private(set) var rowCount = 0
  private var seen: [Kinds] = []

  /// Which kinds of values a column has had.
  private struct Kinds: OptionSet {
    let rawValue: Int
    static let integer = Kinds(rawValue: 1)
    static let float = Kinds(rawValue: 2)
    static let text = Kinds(rawValue: 4)
  }

  init(path: String) { self.path = path }

  mutating func begin(_ names: [String]) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw LoadInput.unwritable(path) }
    self.handle = handle
    self.names = names
    seen = names.map { _ in [] }
    append(line: names.map { .string($0) })
  }

  mutating func append(_ row: [Value]) throws {
    for (index, value) in row.enumerated() {
      switch value {
      case .null: break
      case .int: seen[index].insert(.integer)
      case .double: seen[index].insert(.float)
      case .bool, .string, .array, .object: seen[index].insert(.text)
      }
    }
    append(line: row)
    rowCount += 1
    if buffer.count > 1 << 18 { try flush() }
  }

  mutating func finish() throws {
    try flush()
    try handle?.close()
  }

  var conversions: [SourceColumn.Conversion] {
    seen.map { $0.contains(.text) || $0.isEmpty ? .text : $0.contains(.float) ? .float : .integer }
  }

  /// Every text in quotes: null and an empty text differ.
  private mutating func append(line: [Value]) {
    for (index, value) in line.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      switch value {
      case .null: break
      case .bool, .int, .double: buffer += value.text.utf8
      case .string, .array, .object:
        buffer += "\"\(value.text.replacing("\"", with: "\"\""))\"".utf8
      }
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  private mutating func flush() throws {
    do {
      try handle?.write(contentsOf: Data(buffer))
    } catch {
      throw LoadInput.unwritable(path)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
