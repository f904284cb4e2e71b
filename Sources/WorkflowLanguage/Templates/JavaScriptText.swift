import Values

/// Values as JavaScript writes them.
///
/// One departure: an integer keeps all its digits, also beyond 2⁵³ where JavaScript has no exact numbers. Session and row
/// ids are such integers, and digdag hands them over as 64-bit integers too.
enum JavaScriptText {
  /// The text of a template whose expression has this value: text as it is, null as nothing, the rest as JSON.
  ///
  /// Nil when the value must go through the engine.
  static func template(_ value: Value) -> String? {
    switch value {
    case .null: ""
    case .string(let text): text
    case .bool, .int, .double, .array, .object: json(value)
    }
  }

  /// What `JSON.stringify` gives; nil for objects with keys such as `"7"`, which JavaScript puts in front.
  static func json(_ value: Value) -> String? {
    var text = ""
    return write(value, to: &text) ? text : nil
  }

  private static func write(_ value: Value, to text: inout String) -> Bool {
    switch value {
    case .null: text += "null"
    case .bool(let truth): text += truth ? "true" : "false"
    case .int(let number): text += String(number)
    case .double(let double): text += number(double)
    case .string(let string): quote(string, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        guard write(element, to: &text) else { return false }
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        guard !member.0.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        quote(member.0, to: &text)
        text += ":"
        guard write(member.1, to: &text) else { return false }
      }
      text += "}"
    }
    return true
  }

  private static func quote(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A number as ECMA-262 `Number::toString` writes it; what is not finite is `null`, as in JSON.
  static func number(_ double: Double) -> String {
    guard double.isFinite else { return "null" }
    guard double != 0 else { return "0" }
    let parts = double.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
    var digits = (whole + fraction)[...]
    var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let significant = digits.drop { $0 == "0" }
    point -= digits.count - significant.count
    digits = significant
    while digits.last == "0" { digits.removeLast() }
    return (double < 0 ? "-" : "") + place(point, in: String(digits))
  }

  private static func place(_ point: Int, in digits: String) -> String {
    let count = digits.count
    if count <= point && point <= 21 {
      return digits + String(repeating: "0", count: point - count)
    }
    if 0 < point && point <= 21 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
    if -6 < point && point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
    let exponent = point - 1
    let mantissa = count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
    return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
  }
}
