import Values
import WorkflowLanguage

/// The members of a JSON body, checked as they are taken out.
struct Fields: Sendable {
  let members: ObjectValue

  init(_ members: ObjectValue = [:]) { self.members = members }

  /// Takes an object whose members are all among those that are known.
  ///
  /// - Throws: ``ServerError`` `badRequest` when the body is no object or has unknown members.
  init(_ value: Value, known: [String]) throws {
    guard let members = value.object else {
      throw ServerError(.badRequest, "the body must be a JSON object, found \(value.kind)")
    }
    let unknown = members.keys.filter { !known.contains($0) }
    guard unknown.isEmpty else { throw Self.unknown(unknown, known) }
    self.members = members
  }

  private static func unknown(_ names: [String], _ known: [String]) -> ServerError {
    let shown = names.prefix(5).map { "`\($0.prefix(60))`" }.joined(separator: ", ")
    let nearest = names.first.flatMap { Suggestion.nearest(to: $0, among: known, limit: 1).first }
    let all = known.map { "`\($0)`" }.joined(separator: ", ")
    return ServerError(
      .badRequest,
      "unknown field\(names.count > 1 ? "s" : "") \(shown)",
      hint: nearest.map { "did you mean `\($0)`?" } ?? "known are: \(all)"
    )
  }

  /// nil when it is missing or null.
  func value(_ name: String) -> Value? {
    guard let value = members[name], !value.isNull else { return Value?.none }
    return value
  }

  func text(_ name: String, maximum: Int = 1000) throws -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw wrong(name, "a string", value) }
    guard text.unicodeScalars.count <= maximum else {
      throw ServerError(.badRequest, "`\(name)` is longer than \(maximum) characters")
    }
    guard !text.unicodeScalars.contains("\0") else {
      throw ServerError(.badRequest, "`\(name)` holds a NUL character")
    }
    return text
  }

  func requiredText(_ name: String, maximum: Int = 1000) throws -> String {
    guard let text = try text(name, maximum: maximum), !text.isEmpty else { throw missing(name) }
    return text
  }

  func secret(_ name: String, maximum: Int = 1000) throws -> Secret? {
    try text(name, maximum: maximum).map(Secret.init)
  }

  func flag(_ name: String) throws -> Bool? {
    guard let value = value(name) else { return nil }
    guard let flag = value.bool else { throw wrong(name, "`true` or `false`", value) }
    return flag
  }

  func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let value = value(name) else { return nil }
    guard let number = value.int, range.contains(number) else {
      throw wrong(name, "an integer from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// A number as text, or as a number.
  func id(_ name: String) throws -> Int64? {
    guard let value = value(name) else { return nil }
    let id = value.string.flatMap(ObjectNumber.parse) ?? value.int
    guard let id, id >= 0 else { throw wrong(name, "a number as text", value) }
    return id
  }

  func requiredID(_ name: String) throws -> Int64 {
    guard let id = try id(name) else { throw missing(name) }
    return id
  }

  /// Unix seconds.
  func time(_ name: String) throws -> Int64? {
    guard let value = value(name) else { return nil }
    guard let time = value.string.flatMap({ Timestamp.parse($0) }) else {
      throw wrong(name, Timestamp.expected, value)
    }
    return time
  }

  func object(_ name: String) throws -> ObjectValue? {
    guard let value = value(name) else { return nil }
    guard let object = value.object else { throw wrong(name, "an object", value) }
    return object
  }

  func oneOf<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String,
    _ type: Choice.Type
  ) throws -> Choice? {
    guard let value = value(name) else { return nil }
    guard let choice = value.string.flatMap({ Choice(rawValue: $0) }) else {
      let words = type.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw wrong(name, "one of \(words)", value)
    }
    return choice
  }

  func missing(_ name: String) -> ServerError {
    ServerError(.badRequest, "the field `\(name)` is missing")
  }

  private func wrong(_ name: String, _ expected: String, _ found: Value) -> ServerError {
    ServerError(.badRequest, "`\(name)` must be \(expected), found \(shown(found))")
  }

  /// Never the text itself where it may be a secret: the kind, and the value of what is short and no text.
  private func shown(_ value: Value) -> String {
    switch value {
    case .null, .bool, .int, .double: value.text
    case .string, .array, .object: value.kind
    }
  }
}
