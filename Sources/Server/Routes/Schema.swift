import Values

/// The shape of a JSON value, as OpenAPI 3.1 writes it.
struct Schema: Sendable, Hashable {
  let value: ObjectValue

  private init(_ value: ObjectValue) { self.value = value }

  static let text = Schema(["type": "string"])
  static let flag = Schema(["type": "boolean"])
  static let object = Schema(["type": "object"])
  static let any = Schema([:])
  /// A number as text.
  static let id = Schema(["type": "string", "pattern": "^[0-9]{1,18}$"])
  static let time = Schema(["type": "string", "format": "date-time"])

  static func text(
    minimum: Int = 0,
    maximum: Int,
    pattern: String? = nil
  ) -> Schema {
    var value: ObjectValue = [
      "type": "string", "minLength": .int(Int64(minimum)), "maxLength": .int(Int64(maximum)),
    ]
    value["pattern"] = pattern.map { .string($0) }
    return Schema(value)
  }

  static func integer(_ range: ClosedRange<Int64>? = nil) -> Schema {
    var value: ObjectValue = ["type": "integer"]
    value["minimum"] = range.map { .int($0.lowerBound) }
    value["maximum"] = range.map { .int($0.upperBound) }
    return Schema(value)
  }

  static func oneOf(_ words: [String]) -> Schema {
    Schema(["type": "string", "enum": .array(words.map { .string($0) })])
  }

  static func list(_ element: Schema) -> Schema {
    Schema(["type": "array", "items": .object(element.value)])
  }

  /// What fits one of two schemas.
  static func either(_ first: Schema, _ second: Schema) -> Schema {
    Schema(["anyOf": .array([.object(first.value), .object(second.value)])])
  }

  /// One of the schemas in ``Shapes/named``.
  static func named(_ name: String) -> Schema {
    Schema(["$ref": .string("#/components/schemas/\(name)")])
  }

  /// An object with these members; a name that ends in `?` may be missing.
  static func members(_ members: [(String, Schema)], closed: Bool = false) -> Schema {
    var properties: ObjectValue = [:]
    var required: [Value] = []
    for (name, schema) in members {
      let isOptional = name.hasSuffix("?")
      let key = isOptional ? String(name.dropLast()) : name
      // An empty text counts as one that is missing.
      let mustBeThere = closed && !isOptional && schema.value["maxLength"] != nil
      properties[key] = .object(mustBeThere ? schema.nonEmpty.value : schema.value)
      if !isOptional { required.append(.string(key)) }
    }
    var value: ObjectValue = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { value["required"] = .array(required) }
    if closed { value["additionalProperties"] = false }
    return Schema(value)
  }

  /// The same text, with one character or more.
  private var nonEmpty: Schema {
    var copy = value
    copy["minLength"] = .int(max(1, value["minLength"]?.int ?? 0))
    return Schema(copy)
  }

  /// The same, or null.
  var orNull: Schema {
    if let type = value["type"], value["enum"] == nil {
      var copy = value
      copy["type"] = .array([type, "null"])
      return Schema(copy)
    }
    return Schema(["anyOf": .array([.object(value), ["type": "null"]])])
  }

  /// The names of the members of an object.
  var memberNames: [String] { value["properties"]?.object?.keys ?? [] }
}
