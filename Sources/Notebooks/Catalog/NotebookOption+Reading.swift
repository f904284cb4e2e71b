import Values

extension NotebookOption {
  /// The value as the notebook wants it, or nil when it is of another kind.
  func read(_ value: Value) throws(NotebookError) -> Value {
    guard let accepted = accept(value) else {
      throw NotebookError(.badParameters, "`\(name)` must be \(expectation), found `\(value.text)`")
    }
    if let range, let number = accepted.double, !range.contains(number) {
      throw NotebookError(
        .badParameters,
        "`\(name)` must be \(bounds(range)), found `\(value.text)`"
      )
    }
    if !choices.isEmpty, let word = accepted.string, !choices.contains(word) {
      let near = Suggestion.nearest(to: word, among: choices, limit: 1).first
      throw NotebookError(
        .badParameters,
        "`\(name)` must be one of \(choices.joined(separator: ", ")), found `\(word)`"
          + (near.map { "; did you mean `\($0)`?" } ?? "")
      )
    }
    return accepted
  }

  private func accept(_ value: Value) -> Value? {
    switch kind {
    case .text:
      switch value {
      case .string(let text): text.isEmpty ? nil : value
      case .int, .double: .string(value.text)
      case .null, .bool, .array, .object: nil
      }
    case .table: value.string.flatMap(table)
    case .columns: columns(value)
    case .integer: integer(value)
    case .number: (value.double ?? value.string.flatMap { Double(trimmed($0)) }).map { .double($0) }
    case .seconds: seconds(value)
    case .truth: truth(value)
    case .object: value.object.map { .object($0) }
    }
  }

  private func table(_ text: String) -> Value? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty } ? .string(text) : nil
  }

  private func columns(_ value: Value) -> Value? {
    switch value {
    case .string(let text):
      let names = text.split(separator: ",").map { trimmed(String($0)) }.filter { !$0.isEmpty }
      return .array(names.map { .string($0) })
    case .array(let names):
      return names.allSatisfy { $0.string != nil } ? value : nil
    case .null: return .array([])
    case .bool, .int, .double, .object: return nil
    }
  }

  private func integer(_ value: Value) -> Value? {
    switch value {
    case .int: value
    case .double(let number): Int64(exactly: number).map { .int($0) }
    case .string(let text): Int64(trimmed(text)).map { .int($0) }
    case .null, .bool, .array, .object: nil
    }
  }

  private func seconds(_ value: Value) -> Value? {
    if let number = value.double { return .double(number) }
    return value.string.flatMap(Arithmetic.evaluate).map { .double($0) }
  }

  private func truth(_ value: Value) -> Value? {
    switch value {
    case .bool: value
    case .string(let text):
      switch trimmed(text).lowercased() {
      case "true", "yes", "on": .bool(true)
      case "false", "no", "off": .bool(false)
      default: nil
      }
    case .null, .int, .double, .array, .object: nil
    }
  }

  private var expectation: String {
    switch kind {
    case .text: "a text"
    case .table: "a table as `database.table`"
    case .columns: "column names separated by commas"
    case .integer: "an integer"
    case .number: "a number"
    case .seconds: "seconds, as `600` or `60 * 10`"
    case .truth: "true or false"
    case .object: "a map"
    }
  }

  private func bounds(_ range: ClosedRange<Double>) -> String {
    func text(_ number: Double) -> String {
      Int64(exactly: number).map { "\($0)" } ?? "\(number)"
    }
    return range.upperBound.isInfinite
      ? "\(text(range.lowerBound)) or more"
      : "between \(text(range.lowerBound)) and \(text(range.upperBound))"
  }

  private func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
