/// Arithmetic written as text, as in `time_limit: 60 * 3`: numbers, `+ - * /`, parentheses.
struct ArithmeticText {
  private let text: String
  private var rest: Substring
  private var depth = 0

  private init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  /// - Throws: ``WorkflowError`` `parameter`, naming the text.
  static func value(of text: String) throws(WorkflowError) -> Double {
    var parser = ArithmeticText(text)
    let value = try parser.sum()
    parser.skipBlanks()
    guard parser.rest.isEmpty else { throw parser.refusal("`\(parser.rest)` is left over") }
    guard value.isFinite else { throw parser.refusal("the result is no finite number") }
    return value
  }

  private mutating func sum() throws(WorkflowError) -> Double {
    var value = try product()
    while let sign = take("+-") {
      let next = try product()
      value = sign == "+" ? value + next : value - next
    }
    return value
  }

  private mutating func product() throws(WorkflowError) -> Double {
    var value = try factor()
    while let sign = take("*/") {
      let next = try factor()
      value = sign == "*" ? value * next : value / next
    }
    return value
  }

  private mutating func factor() throws(WorkflowError) -> Double {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw refusal("it is nested too deeply") }
    if let sign = take("+-") { return try sign == "-" ? -factor() : factor() }
    if take("(") != nil {
      let value = try sum()
      guard take(")") != nil else { throw refusal("`)` is missing") }
      return value
    }
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits) else {
      throw refusal(rest.isEmpty ? "a number is missing at the end" : "`\(rest)` is no number")
    }
    rest = rest.dropFirst(digits.count)
    return number
  }

  private mutating func take(_ signs: String) -> Character? {
    skipBlanks()
    guard let next = rest.first, signs.contains(next) else { return nil }
    rest.removeFirst()
    skipBlanks()
    return next
  }

  private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

  private func refusal(_ reason: String) -> WorkflowError {
    WorkflowError(.parameter, "`\(text)` cannot be computed: \(reason)")
  }
}
