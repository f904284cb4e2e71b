import CDuckDB
import Foundation
import Values

extension DuckDBType {
  /// The values of some rows of a vector of this type.
  func decode(_ vector: duckdb_vector?, _ rows: Range<Int>) -> [Value] {
    guard let vector else { return rows.map { _ in .null } }
    let validity = duckdb_vector_get_validity(vector)
    let read = reader(vector)
    return rows.map { row in
      if let validity, !duckdb_validity_row_is_valid(validity, idx_t(row)) { return .null }
      return read(row)
    }
  }

  private func reader(_ vector: duckdb_vector) -> (Int) -> Value {
    guard let data = duckdb_vector_get_data(vector) else { return nested(vector) }
    func at<T>(_ type: T.Type) -> (Int) -> T {
      let base = data.assumingMemoryBound(to: T.self)
      return { base[$0] }
    }
    switch self {
    case .boolean: return { [read = at(Bool.self)] in .bool(read($0)) }
    case .integer(let size, let signed): return Self.integers(data, size, signed)
    case .hugeint(let signed):
      return { [read = at(duckdb_hugeint.self)] in Self.huge(read($0), signed: signed) }
    case .float: return { [read = at(Float.self)] in .double(Double(read($0))) }
    case .double: return { [read = at(Double.self)] in .double(read($0)) }
    case .decimal(let width, let scale, let storage):
      return Self.decimals(data, width, scale, storage)
    case .text, .other, .bit:
      return { [read = at(duckdb_string_t.self)] in .string(Self.text(read($0))) }
    case .blob: return { [read = at(duckdb_string_t.self)] in .string(Self.hex(read($0))) }
    case .uuid: return { [read = at(duckdb_hugeint.self)] in .string(Self.uuid(read($0))) }
    case .date: return { [read = at(Int32.self)] in .string(TimeText.date(days: Int64(read($0)))) }
    case .time: return { [read = at(Int64.self)] in .string(TimeText.time(microseconds: read($0))) }
    case .timestamp(let perSecond, let zoned):
      return { [read = at(Int64.self)] in
        .string(TimeText.timestamp(read($0), perSecond: perSecond) + (zoned ? " UTC" : ""))
      }
    case .interval: return { [read = at(duckdb_interval.self)] in .string(Self.interval(read($0))) }
    case .enumeration(let words): return Self.words(data, words)
    case .list, .array, .structure, .map, .nothing: return nested(vector)
    }
  }

  private func nested(_ vector: duckdb_vector) -> (Int) -> Value {
    switch self {
    case .list(let child):
      let entries = duckdb_vector_get_data(vector)?.assumingMemoryBound(to: duckdb_list_entry.self)
      let elements = duckdb_list_vector_get_child(vector)
      return { row in
        guard let entry = entries?[row] else { return .null }
        return .array(child.decode(elements, Int(entry.offset)..<Int(entry.offset + entry.length)))
      }
    case .array(let child, let size):
      let elements = duckdb_array_vector_get_child(vector)
      return { row in .array(child.decode(elements, row * size..<(row + 1) * size)) }
    case .structure(let fields):
      return { row in
        .object(
          ObjectValue(
            fields.enumerated().map { index, field in
              let child = duckdb_struct_vector_get_child(vector, idx_t(index))
              return (field.0, field.1.decode(child, row..<row + 1)[0])
            }
          )
        )
      }
    case .map(let key, let value):
      let entries = duckdb_vector_get_data(vector)?.assumingMemoryBound(to: duckdb_list_entry.self)
      let pairs = duckdb_list_vector_get_child(vector)
      return { row in
        guard let entry = entries?[row] else { return .null }
        let range = Int(entry.offset)..<Int(entry.offset + entry.length)
        let keys = key.decode(duckdb_struct_vector_get_child(pairs, 0), range)
        let values = value.decode(duckdb_struct_vector_get_child(pairs, 1), range)
        return .object(ObjectValue(zip(keys, values).map { ($0.text, $1) }))
      }
    default: return { _ in .null }  // why: only kinds without data of their own come here
    }
  }

  private static func integers(
    _ data: UnsafeMutableRawPointer,
    _ size: Int,
    _ signed: Bool
  ) -> (Int) -> Value {
    func read<T: FixedWidthInteger>(_: T.Type) -> (Int) -> Value {
      let base = data.assumingMemoryBound(to: T.self)
      return { row in Int64(exactly: base[row]).map(Value.int) ?? .double(Double(base[row])) }
    }
    switch (size, signed) {
    case (1, true): return read(Int8.self)
    case (1, false): return read(UInt8.self)
    case (2, true): return read(Int16.self)
    case (2, false): return read(UInt16.self)
    case (4, true): return read(Int32.self)
    case (4, false): return read(UInt32.self)
    case (_, true): return read(Int64.self)
    case (_, false): return read(UInt64.self)
    }
  }

  private static func decimals(
    _ data: UnsafeMutableRawPointer,
    _ width: UInt8,
    _ scale: UInt8,
    _ storage: duckdb_type
  ) -> (Int) -> Value {
    // why: dividing by an exact power of ten rounds once, as reading the decimal text would; a product rounds twice
    let divisor = pow(10, Double(scale))
    func read<T: FixedWidthInteger>(_: T.Type) -> (Int) -> Value {
      let base = data.assumingMemoryBound(to: T.self)
      return { .double(Double(base[$0]) / divisor) }
    }
    switch storage {
    case DUCKDB_TYPE_SMALLINT: return read(Int16.self)
    case DUCKDB_TYPE_INTEGER: return read(Int32.self)
    case DUCKDB_TYPE_BIGINT: return read(Int64.self)
    default:  // why: a C enumeration; the fourth storage is the 128-bit one
      let base = data.assumingMemoryBound(to: duckdb_hugeint.self)
      return {
        .double(
          duckdb_decimal_to_double(duckdb_decimal(width: width, scale: scale, value: base[$0]))
        )
      }
    }
  }

  private static func huge(_ number: duckdb_hugeint, signed: Bool) -> Value {
    let whole = Int128(number.upper) << 64 | Int128(number.lower)
    if let small = Int64(exactly: whole) { return .int(small) }
    return .double(signed ? Double(whole) : Double(UInt128(truncatingIfNeeded: whole)))
  }

  private static func words(_ data: UnsafeMutableRawPointer, _ words: [String]) -> (Int) -> Value {
    let size = words.count < 256 ? 1 : words.count < 65_536 ? 2 : 4
    let read = integers(data, size, false)
    return { row in .string(words[Int(read(row).int ?? 0)]) }
  }

  private static func text(_ string: duckdb_string_t) -> String {
    var string = string
    let count = Int(duckdb_string_t_length(string))
    guard let start = duckdb_string_t_data(&string) else { return "" }
    return start.withMemoryRebound(to: UInt8.self, capacity: count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
    }
  }

  private static func hex(_ string: duckdb_string_t) -> String {
    var string = string
    let count = Int(duckdb_string_t_length(string))
    guard let start = duckdb_string_t_data(&string) else { return "" }
    return (0..<count).map { String(format: "%02x", UInt8(bitPattern: start[$0])) }.joined()
  }

  private static func uuid(_ number: duckdb_hugeint) -> String {
    let digits = String(
      format: "%016lx%016lx",
      UInt64(bitPattern: number.upper) ^ 1 << 63,
      number.lower
    )
    var text = digits[...]
    let groups = [8, 4, 4, 4, 12].map { length in
      defer { text = text.dropFirst(length) }
      return text.prefix(length)
    }
    return groups.joined(separator: "-")
  }

  private static func interval(_ span: duckdb_interval) -> String {
    let time = TimeText.time(microseconds: abs(span.micros))
    return "\(span.months) months \(span.days) days \(span.micros < 0 ? "-" : "")\(time)"
  }
}
