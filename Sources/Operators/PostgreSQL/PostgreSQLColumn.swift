import Values

/// A column of a PostgreSQL result.
struct PostgreSQLColumn: Sendable, Hashable {
  let name: String
  /// The number of the type in the server's catalogue.
  let typeNumber: UInt32
  /// What the type was declared with, as the length of `varchar(20)`; -1 for nothing.
  let modifier: Int32

  init(name: String, typeNumber: UInt32, modifier: Int32 = -1) {
    self.name = name
    self.typeNumber = typeNumber
    self.modifier = modifier
  }

  /// The types that mean something to us; all others are passed on as the server's text.
  enum Kind: Sendable {
    case truth, integer, float, decimal, date, time, timestamp, zonedTimestamp, json, text, other
  }

  var kind: Kind { Self.types[typeNumber]?.kind ?? .other }

  /// The name of the type as the server writes it; `type N` for one of an extension or of the user.
  var typeName: String {
    guard let type = Self.types[typeNumber] else { return "type \(typeNumber)" }
    if let size = decimalSize { return "numeric(\(size.precision),\(size.scale))" }
    return type.name
  }

  /// Digits of `numeric(p,s)`; nil for other types, and for a numeric without limits.
  var decimalSize: (precision: Int, scale: Int)? {
    guard kind == .decimal, modifier >= 4 else { return nil }
    let packed = modifier - 4
    return (Int(packed >> 16) & 0xFFFF, Int(packed) & 0x7FF)
  }

  /// A value from the text in which the server sends it.
  ///
  /// Whole numbers become integers, other numbers floats; a number with more digits than a float keeps stays text.
  func value(_ text: String) -> Value {
    switch kind {
    case .truth: .bool(text == "t")
    case .integer: Int64(text).map { .int($0) } ?? .string(text)
    case .float: Double(text).flatMap { $0.isFinite ? .double($0) : nil } ?? .string(text)
    case .decimal: Self.decimal(text)
    case .date, .time, .timestamp, .zonedTimestamp, .json, .text, .other: .string(text)
    }
  }

  private static func decimal(_ text: String) -> Value {
    guard text.contains(".") else { return Int64(text).map { .int($0) } ?? .string(text) }
    let digits = text.drop { $0 == "-" || $0 == "0" || $0 == "." }.count { $0 != "." }
    guard digits <= 15, let number = Double(text) else { return .string(text) }
    return .double(number)
  }

  // The numbers of built-in types never change (src/include/catalog/pg_type.dat).
  private static let types: [UInt32: (name: String, kind: Kind)] = [
    16: ("boolean", .truth), 17: ("bytea", .other), 18: ("\"char\"", .text), 19: ("name", .text),
    20: ("bigint", .integer), 21: ("smallint", .integer), 23: ("integer", .integer),
    25: ("text", .text), 26: ("oid", .integer), 114: ("json", .json), 142: ("xml", .text),
    700: ("real", .float), 701: ("double precision", .float), 790: ("money", .other),
    869: ("inet", .text), 1000: ("boolean[]", .other), 1005: ("smallint[]", .other),
    1007: ("integer[]", .other), 1009: ("text[]", .other), 1015: ("character varying[]", .other),
    1016: ("bigint[]", .other), 1021: ("real[]", .other), 1022: ("double precision[]", .other),
    1042: ("character", .text), 1043: ("character varying", .text), 1082: ("date", .date),
    1083: ("time without time zone", .time), 1114: ("timestamp without time zone", .timestamp),
    1184: ("timestamp with time zone", .zonedTimestamp), 1186: ("interval", .other),
    1231: ("numeric[]", .other), 1266: ("time with time zone", .other), 1700: ("numeric", .decimal),
    2950: ("uuid", .text), 3802: ("jsonb", .json),
  ]
}

/// Consecutive rows of a result.
struct PostgreSQLBatch: Sendable {
  let columns: [PostgreSQLColumn]
  /// One value per column.
  let rows: [[Value]]
}
