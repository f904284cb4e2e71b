/// The grammar of JSON numbers, and the shortest text of a float.
enum JSONNumber {
  /// True for texts such as `-1`, `0.5`, `1e3`; false for `01`, `.5`, `1.`, `+1`.
  static func isValid(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" { rest.removeFirst() }
    guard let digits = takeDigits(&rest), digits == "0" || digits.first != "0" else { return false }
    if rest.first == "." {
      rest.removeFirst()
      guard takeDigits(&rest) != nil else { return false }
    }
    if let exponent = rest.first, "eE".contains(exponent) {
      rest.removeFirst()
      if let sign = rest.first, "+-".contains(sign) { rest.removeFirst() }
      guard takeDigits(&rest) != nil else { return false }
    }
    return rest.isEmpty
  }

  /// The shortest text that reads back as the same number; a whole number keeps `.0`.
  static func text(_ number: Double) -> String {
    number.isFinite ? number.description : "null"
  }

  private static func takeDigits(_ text: inout Substring) -> Substring? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text = text.dropFirst(digits.count)
    return digits.isEmpty ? nil : digits
  }
}
