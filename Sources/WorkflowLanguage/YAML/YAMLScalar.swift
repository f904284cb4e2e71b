import Values

/// Gives unquoted scalars their type, as the workflow dialect narrows YAML 1.1.
///
/// `yes`, `on`, dates, clock times and `0.93` stay text; `017` is octal.
enum YAMLScalar {
  static func value(ofPlain text: String) -> Value {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True": .bool(true)
    case "false", "False": .bool(false)
    default: number(text) ?? .string(text)
    }
  }

  /// The value under an explicit `!!` tag; nil when the text does not fit the tag.
  static func value(of text: String, tag: String) -> Value? {
    let plain = value(ofPlain: text)
    switch tag {
    case "tag:yaml.org,2002:str", "!": return .string(text)
    case "tag:yaml.org,2002:null": return plain.isNull ? .null : nil
    case "tag:yaml.org,2002:bool": return plain.bool.map { .bool($0) }
    case "tag:yaml.org,2002:int": return plain.int.map { .int($0) }
    case "tag:yaml.org,2002:float": return (plain.double ?? Double(text)).map { .double($0) }
    default: return nil
    }
  }

  /// True for digits behind a superfluous zero, as `017` and `09`.
  static func hasLeadingZero(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return digits.count > 1 && digits.first == UInt8(ascii: "0")
      && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func number(_ text: String) -> Value? {
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
    var digits = Substring(text)
    var sign = ""
    if let first = digits.first, first == "-" || first == "+" {
      digits.removeFirst()
      if first == "-" { sign = "-" }
    }
    switch digits {
    case ".inf", ".Inf", ".INF": return .double(sign == "-" ? -.infinity : .infinity)
    case ".nan", ".NaN", ".NAN": return digits.count == text.count ? .double(.nan) : nil
    default: return integer(digits, sign: sign) ?? float(digits, sign: sign)
    }
  }

  private static func integer(_ digits: Substring, sign: String) -> Value? {
    let radix: Int
    var rest = digits
    if digits.hasPrefix("0b") {
      (radix, rest) = (2, digits.dropFirst(2))
    } else if digits.hasPrefix("0x") {
      (radix, rest) = (16, digits.dropFirst(2))
    } else if digits.hasPrefix("0"), digits.count > 1 {
      (radix, rest) = (8, digits.dropFirst())
    } else {
      radix = 10
    }
    guard radix != 10 || rest.first != "_" else { return nil }
    let plain = rest.filter { $0 != "_" }
    guard !plain.isEmpty,
      plain.allSatisfy({ $0.isASCII && $0.hexDigitValue.map { $0 < radix } ?? false })
    else { return nil }
    if let number = Int64(sign + plain, radix: radix) { return .int(number) }
    if radix == 10 { return Double(sign + plain).map { .double($0) } }
    return .double(
      plain.reduce(0) { $0 * Double(radix) + Double($1.hexDigitValue ?? 0) }
        * (sign == "-" ? -1 : 1)
    )
  }

  /// Only what begins with 1 to 9 or a point, so that `0.93` is text.
  private static func float(_ digits: Substring, sign: String) -> Value? {
    var rest = digits
    let whole = take(&rest, underscores: true)
    guard whole.first != "0", whole.first != "_" else { return nil }
    if rest.first == "." {
      rest.removeFirst()
      let fraction = take(&rest, underscores: !whole.isEmpty)
      guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    } else if whole.isEmpty {
      return nil
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      guard !take(&rest, underscores: false).isEmpty else { return nil }
    }
    guard rest.isEmpty else { return nil }
    return Double(normalized(sign + digits.filter { $0 != "_" })).map { .double($0) }
  }

  /// Swift reads neither `2.` nor `2.e3`.
  private static func normalized(_ text: String) -> String {
    guard let point = text.firstIndex(of: ".") else { return text }
    let next = text.index(after: point)
    guard next == text.endIndex || !text[next].isNumber else { return text }
    return text[..<next] + "0" + text[next...]
  }

  private static func take(_ text: inout Substring, underscores: Bool) -> Substring {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || (underscores && $0 == "_")) }
    text = text.dropFirst(digits.count)
    return digits
  }
}
