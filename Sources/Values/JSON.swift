/// The one JSON codec of the product (RFC 8259): keeps key order, tells integers from floats.
public enum JSON {
  /// The deepest nesting that ``decode(_:)`` accepts.
  public static let maximumDepth = 512

  /// Parses one JSON document.
  ///
  /// Integers beyond 64 bits become floats; of a repeated key the last value wins.
  /// - Throws: ``JSONError`` with line and column.
  public static func decode(_ text: String) throws(JSONError) -> Value {
    try decode(utf8: Array(text.utf8))
  }

  /// Parses one JSON document in UTF-8.
  ///
  /// - Throws: ``JSONError`` with line and column.
  public static func decode(utf8 bytes: [UInt8]) throws(JSONError) -> Value {
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }

  /// The text of a value; with `pretty` indented by two blanks and closed by no newline.
  ///
  /// NaN and infinities, which JSON does not have, become `null`.
  public static func encode(_ value: Value, pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    writer.write(value, indent: 0)
    return writer.text
  }
}

/// Why a text is no JSON document, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  public let message: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in bytes.
  public let column: Int

  public var description: String { "\(line):\(column): \(message)" }
}
