public import Values

/// Typed look-up. A template gives text, so every type reads the text that stands for it; each call throws
/// ``WorkflowError`` `parameter` when the value is of another kind, and gives nil when it is missing or null.
extension Parameters {
  /// Text; numbers and booleans become their JSON text.
  public func text(_ key: String) throws(WorkflowError) -> String? {
    guard let value = value(key) else { return nil }
    switch value {
    case .array, .object: throw mismatch("string type", key, value)
    case .null, .bool, .int, .double, .string: return value.text
    }
  }

  /// Text that must be there.
  public func requiredText(_ key: String) throws(WorkflowError) -> String {
    try required(text(key), key)
  }

  /// A boolean: `true`, `True`, `false`, `False`, an integer (0 is false), and false for `""` and `"null"`.
  public func bool(_ key: String, default fallback: Bool = false) throws(WorkflowError) -> Bool {
    guard let value = value(key) else { return fallback }
    switch value {
    case .bool(let truth): return truth
    case .int(let number): return number != 0
    case .string(let text):
      switch text.trimmedBlanks {
      case "true", "True": return true
      case "false", "False", "", "null": return false
      default: break
      }
    case .null, .double, .array, .object: break
    }
    throw WorkflowError(
      .parameter,
      "Expected 'true' or 'false' for key '\(key)' but got \(shown(value))"
    )
  }

  /// An integer: numbers without their fraction, text of an integer, and 0 for `""`.
  public func int(_ key: String) throws(WorkflowError) -> Int64? {
    guard let value = value(key) else { return nil }
    switch value {
    case .int(let number): return number
    case .double(let number):
      if let whole = Int64(exactly: number.rounded(.towardZero)) { return whole }
    case .string(let text):
      let trimmed = text.trimmedBlanks
      if trimmed.isEmpty { return 0 }
      if let number = Int64(trimmed) { return number }
    case .null, .bool, .array, .object: break
    }
    throw mismatch("integer (int) type", key, value)
  }

  /// A number: numbers and numeric text.
  public func number(_ key: String) throws(WorkflowError) -> Double? {
    guard let value = value(key) else { return nil }
    if let number = value.double { return number }
    if let text = value.string, let number = Double(text.trimmedBlanks), number.isFinite {
      return number
    }
    throw mismatch("number type", key, value)
  }

  public func list(_ key: String) throws(WorkflowError) -> [Value]? {
    guard let value = value(key) else { return nil }
    guard let list = value.array else { throw mismatch("array type", key, value) }
    return list
  }

  /// A list, or the JSON text of one.
  public func listOrJSON(_ key: String) throws(WorkflowError) -> [Value]? {
    guard let value = value(key) else { return nil }
    guard let list = Parameters.parsed(value).array else {
      throw mismatch("array type", key, value)
    }
    return list
  }

  public func object(_ key: String) throws(WorkflowError) -> ObjectValue? {
    guard let value = value(key) else { return nil }
    guard let object = value.object else { throw mismatch("object type", key, value) }
    return object
  }

  /// A map, or the JSON text of one.
  public func objectOrJSON(_ key: String) throws(WorkflowError) -> ObjectValue? {
    guard let value = value(key) else { return nil }
    guard let object = Parameters.parsed(value).object else {
      throw mismatch("object type", key, value)
    }
    return object
  }

  /// A list of texts, or one text that stands for a list of one.
  public func textList(_ key: String) throws(WorkflowError) -> [String]? {
    guard let value = value(key) else { return nil }
    guard let list = value.array else { return try text(key).map { [$0] } }
    var texts: [String] = []
    for element in list {
      switch element {
      case .null, .array, .object: throw mismatch("array of strings", key, value)
      case .bool, .int, .double, .string: texts.append(element.text)
      }
    }
    return texts
  }

  /// A duration such as `1d 2h 3m 4s`.
  public func duration(_ key: String) throws(WorkflowError) -> Duration? {
    guard let value = value(key) else { return nil }
    guard let text = value.string, let duration = DurationText.parse(text) else {
      throw WorkflowError(
        .parameter,
        "Expected a duration for key '\(key)' but got \(shown(value))",
        hint: "write days, hours, minutes and seconds in this order, as in `1h 30m`"
      )
    }
    return duration
  }

  /// A number of seconds: a number, numeric text, or arithmetic such as `60 * 3`.
  public func seconds(_ key: String) throws(WorkflowError) -> Double? {
    guard let value = value(key) else { return nil }
    if let number = value.double { return number }
    guard let text = value.string else { throw mismatch("number of seconds", key, value) }
    do {
      return try ArithmeticText.value(of: text)
    } catch {
      throw WorkflowError(
        .parameter,
        "Expected seconds for key '\(key)' but got \(shown(value)): \(error.message)"
      )
    }
  }

  /// Unwraps a look-up of a key that must be there.
  ///
  /// - Throws: ``WorkflowError`` `parameter` when it is missing or null.
  public func required<Found>(_ found: Found?, _ key: String) throws(WorkflowError) -> Found {
    guard let found else {
      throw WorkflowError(
        .parameter,
        "Parameter '\(key)' is required but not set",
        hint: Suggestion.nearest(to: key, among: unusedLocalKeys(), limit: 1).first.map {
          "the task has `\($0)`; did you mean `\(key)`?"
        }
      )
    }
    return found
  }

  private static func parsed(_ value: Value) -> Value {
    guard let text = value.string else { return value }
    do {
      return try JSON.decode(text)
    } catch {
      return value  // why: the caller reports the text itself as not being of the wanted kind
    }
  }

  private func mismatch(_ wanted: String, _ key: String, _ value: Value) -> WorkflowError {
    WorkflowError(.parameter, "Expected \(wanted) for key '\(key)' but got \(shown(value))")
  }

  private func shown(_ value: Value) -> String {
    let text = JSON.encode(value)
    return (text.count > 200 ? text.prefix(200) + "…" : text) + " (\(value.kind))"
  }
}

extension StringProtocol {
  /// The text without blanks and line ends around it.
  var trimmedBlanks: String {
    let front = drop(while: \.isWhitespace)
    guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(front[...last])
  }
}
