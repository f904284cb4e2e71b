import Values

/// Values as digdag's clients expect them: numbers of objects as text, moments in ISO 8601.
extension Value {
  static func id(_ id: Int64) -> Value { .string(String(id)) }
  static func id(_ id: Int64?) -> Value { id.map { .string(String($0)) } ?? .null }
  static func time(_ seconds: Double) -> Value { .string(Timestamp.text(seconds)) }
  static func time(_ seconds: Double?) -> Value {
    seconds.map { .string(Timestamp.text($0)) } ?? .null
  }
  static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }

  /// `{"id": …, "name": …}`.
  static func named(_ id: Int64, _ name: String) -> Value {
    ["id": .id(id), "name": .string(name)]
  }
}
