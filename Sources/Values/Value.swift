/// A JSON-like value: what parameters, stores, query results and messages are made of.
///
/// Integers and floats stay apart (`5` is not `5.0`), and objects keep the order of their keys.
public enum Value: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([Value])
  case object(ObjectValue)
}

extension Value {
  /// The text of a string value; nil for any other kind.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The integer of an integer value; nil for any other kind.
  public var int: Int64? {
    if case .int(let number) = self { number } else { nil }
  }

  /// The number of an integer or float value; nil for any other kind.
  public var double: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The truth of a boolean value; nil for any other kind.
  public var bool: Bool? {
    if case .bool(let truth) = self { truth } else { nil }
  }

  /// The elements of an array value; nil for any other kind.
  public var array: [Value]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object value; nil for any other kind.
  public var object: ObjectValue? {
    if case .object(let members) = self { members } else { nil }
  }

  public var isNull: Bool { self == .null }

  /// The kind as messages name it: `null`, `boolean`, `integer`, `float`, `string`, `array`, `object`.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int: "integer"
    case .double: "float"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// A string as it is, everything else as its JSON text.
  public var text: String {
    if case .string(let text) = self { text } else { JSON.encode(self) }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: Value...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, Value)...) {
    self = .object(ObjectValue(elements))
  }
}

extension Value: CustomStringConvertible {
  public var description: String { JSON.encode(self) }
}
