/// Character references (`&amp;`, `&#60;`) in text that is not ours.
enum CharacterReferences {
  /// Those that hide what an address or a style is; others stay as they are and are escaped later.
  private static let named: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{a0}", "colon": ":",
    "semi": ";", "sol": "/", "bsol": "\\", "lpar": "(", "rpar": ")", "comma": ",", "period": ".",
    "Tab": "\t", "NewLine": "\n", "num": "#", "equals": "=", "plus": "+", "excl": "!", "quest": "?",
  ]

  /// The value of an attribute, as a browser understands it.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      rest.removeFirst()
      guard scalar == "&", let (decoded, length) = reference(at: rest) else {
        result.append(scalar)
        continue
      }
      result.append(decoded)
      rest = rest.dropFirst(length)
    }
    return String(result)
  }

  /// What stands behind a `&`, and how many scalars it takes.
  private static func reference(
    at rest: Substring.UnicodeScalarView
  ) -> (Unicode.Scalar, Int)? {
    if rest.first == "#" { return number(at: rest.dropFirst()) }
    let name = rest.prefix(8).prefix { isLetter($0) }
    guard let scalar = named[String(name)] else { return nil }
    let hasEnd = rest.dropFirst(name.count).first == ";"
    return (scalar, name.count + (hasEnd ? 1 : 0))
  }

  private static func number(at rest: Substring.UnicodeScalarView) -> (Unicode.Scalar, Int)? {
    let isHexadecimal = rest.first == "x" || rest.first == "X"
    let radix: UInt32 = isHexadecimal ? 16 : 10
    var code: UInt32 = 0
    var length = 0
    for scalar in rest.dropFirst(isHexadecimal ? 1 : 0) {
      guard scalar.isASCII, let digit = Character(scalar).hexDigitValue, digit < radix else {
        break
      }
      code = min(code * radix + UInt32(digit), 0x110000)
      length += 1
    }
    guard length > 0 else { return nil }
    let whole = 1 + (isHexadecimal ? 1 : 0) + length
    let hasEnd = rest.dropFirst(whole - 1).first == ";"
    let scalar = code == 0 ? nil : Unicode.Scalar(code)
    return (scalar ?? "\u{fffd}", whole + (hasEnd ? 1 : 0))
  }

  /// Text between tags: what is a whole reference stays one, as no reference there makes markup.
  static func escapedText(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      rest.removeFirst()
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += isWhole(rest) ? "&" : "&amp;"
      case "\0": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isWhole(_ rest: Substring.UnicodeScalarView) -> Bool {
    let head = rest.prefix(34)
    guard let end = head.firstIndex(of: ";") else { return false }
    let name = head[..<end]
    let body = name.first == "#" ? name.dropFirst() : name
    return !body.isEmpty && body.allSatisfy { isLetter($0) || ("0"..."9").contains($0) }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}
