import CDuckDB
import Values

/// A type of the engine: its name, and how its values become ours.
///
/// Dates and times become text as Presto writes them, decimals become floats, integers beyond 64 bits too.
indirect enum DuckDBType {
  case boolean
  case integer(Int, signed: Bool)
  case hugeint(signed: Bool)
  case float, double
  case decimal(width: UInt8, scale: UInt8, storage: duckdb_type)
  case text, blob, bit, uuid
  case date, time, timestamp(perSecond: Int64, zoned: Bool), interval
  case enumeration([String])
  case list(DuckDBType)
  case array(DuckDBType, size: Int)
  case structure([(String, DuckDBType)])
  case map(DuckDBType, DuckDBType)
  case nothing
  case other

  init(_ type: duckdb_logical_type?) {
    self =
      switch duckdb_get_type_id(type) {
      case DUCKDB_TYPE_BOOLEAN: .boolean
      case DUCKDB_TYPE_TINYINT: .integer(1, signed: true)
      case DUCKDB_TYPE_SMALLINT: .integer(2, signed: true)
      case DUCKDB_TYPE_INTEGER: .integer(4, signed: true)
      case DUCKDB_TYPE_BIGINT: .integer(8, signed: true)
      case DUCKDB_TYPE_UTINYINT: .integer(1, signed: false)
      case DUCKDB_TYPE_USMALLINT: .integer(2, signed: false)
      case DUCKDB_TYPE_UINTEGER: .integer(4, signed: false)
      case DUCKDB_TYPE_UBIGINT: .integer(8, signed: false)
      case DUCKDB_TYPE_HUGEINT: .hugeint(signed: true)
      case DUCKDB_TYPE_UHUGEINT: .hugeint(signed: false)
      case DUCKDB_TYPE_FLOAT: .float
      case DUCKDB_TYPE_DOUBLE: .double
      case DUCKDB_TYPE_DECIMAL:
        .decimal(
          width: duckdb_decimal_width(type),
          scale: duckdb_decimal_scale(type),
          storage: duckdb_decimal_internal_type(type)
        )
      case DUCKDB_TYPE_VARCHAR: .text
      case DUCKDB_TYPE_BLOB: .blob
      case DUCKDB_TYPE_BIT: .bit
      case DUCKDB_TYPE_UUID: .uuid
      case DUCKDB_TYPE_DATE: .date
      case DUCKDB_TYPE_TIME: .time
      case DUCKDB_TYPE_TIMESTAMP: .timestamp(perSecond: 1_000_000, zoned: false)
      case DUCKDB_TYPE_TIMESTAMP_S: .timestamp(perSecond: 1, zoned: false)
      case DUCKDB_TYPE_TIMESTAMP_MS: .timestamp(perSecond: 1000, zoned: false)
      case DUCKDB_TYPE_TIMESTAMP_NS: .timestamp(perSecond: 1_000_000_000, zoned: false)
      case DUCKDB_TYPE_TIMESTAMP_TZ: .timestamp(perSecond: 1_000_000, zoned: true)
      case DUCKDB_TYPE_INTERVAL: .interval
      case DUCKDB_TYPE_ENUM: Self.enumeration(type)
      case DUCKDB_TYPE_LIST: .list(Self.child(duckdb_list_type_child_type(type)))
      case DUCKDB_TYPE_ARRAY:
        .array(
          Self.child(duckdb_array_type_child_type(type)),
          size: Int(duckdb_array_type_array_size(type))
        )
      case DUCKDB_TYPE_STRUCT: Self.structure(type)
      case DUCKDB_TYPE_MAP:
        .map(
          Self.child(duckdb_map_type_key_type(type)),
          Self.child(duckdb_map_type_value_type(type))
        )
      case DUCKDB_TYPE_SQLNULL: .nothing
      default: .other  // why: a C enumeration, open to newer engines
      }
  }

  private static func child(_ type: duckdb_logical_type?) -> DuckDBType {
    var type = type
    defer { duckdb_destroy_logical_type(&type) }
    return DuckDBType(type)
  }

  private static func structure(_ type: duckdb_logical_type?) -> DuckDBType {
    .structure(
      (0..<duckdb_struct_type_child_count(type)).map { index in
        let name = duckdb_struct_type_child_name(type, index)
        defer { duckdb_free(name) }
        return (
          name.map { String(cString: $0) } ?? "", child(duckdb_struct_type_child_type(type, index))
        )
      }
    )
  }

  private static func enumeration(_ type: duckdb_logical_type?) -> DuckDBType {
    .enumeration(
      (0..<duckdb_enum_dictionary_size(type)).map { index in
        let word = duckdb_enum_dictionary_value(type, idx_t(index))
        defer { duckdb_free(word) }
        return word.map { String(cString: $0) } ?? ""
      }
    )
  }

  /// The type as SQL writes it.
  static func name(_ type: duckdb_logical_type?) -> String {
    let alias = duckdb_logical_type_get_alias(type)
    defer { duckdb_free(alias) }
    return alias.map { String(cString: $0) } ?? DuckDBType(type).name
  }

  var name: String {
    switch self {
    case .boolean: "BOOLEAN"
    case .integer(let size, let signed):
      (signed ? "" : "U") + ([1: "TINYINT", 2: "SMALLINT", 4: "INTEGER"][size] ?? "BIGINT")
    case .hugeint(let signed): signed ? "HUGEINT" : "UHUGEINT"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .decimal(let width, let scale, _): "DECIMAL(\(width),\(scale))"
    case .text, .enumeration: "VARCHAR"
    case .blob: "BLOB"
    case .bit: "BIT"
    case .uuid: "UUID"
    case .date: "DATE"
    case .time: "TIME"
    case .timestamp(_, let zoned): zoned ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP"
    case .interval: "INTERVAL"
    case .list(let child): "\(child.name)[]"
    case .array(let child, let size): "\(child.name)[\(size)]"
    case .structure(let fields):
      "STRUCT(\(fields.map { "\"\($0.0)\" \($0.1.name)" }.joined(separator: ", ")))"
    case .map(let key, let value): "MAP(\(key.name), \(value.name))"
    case .nothing: "NULL"
    case .other: "UNKNOWN"
    }
  }

  /// The type of a column that keeps such values, as the service has it: integers have 64 bits, numbers with a
  /// fraction are doubles, and what has no type yet is text.
  var stored: DuckDBType {
    switch self {
    case .integer, .hugeint: .integer(8, signed: true)
    case .float, .double: .double
    case .decimal(_, let scale, _): scale == 0 ? .integer(8, signed: true) : .double
    case .nothing, .enumeration, .uuid: .text
    case .timestamp(_, let zoned): .timestamp(perSecond: 1_000_000, zoned: zoned)
    case .list(let child): .list(child.stored)
    case .array(let child, let size): .array(child.stored, size: size)
    case .structure(let fields): .structure(fields.map { ($0.0, $0.1.stored) })
    case .map(let key, let value): .map(key.stored, value.stored)
    case .boolean, .text, .blob, .bit, .date, .time, .interval, .other: self
    }
  }
}
