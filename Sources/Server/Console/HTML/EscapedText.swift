/// Text made harmless for HTML.
enum EscapedText {
  /// For the content of an element: what steers terminals or turns the direction of writing is shown by its number.
  static func content(_ text: String) -> String { escaped(text, isShown: true) }

  /// For the value of an attribute in double quotes, which must come back as it was from a form.
  static func attribute(_ text: String) -> String { escaped(text, isShown: false) }

  private static func escaped(_ text: String, isShown: Bool) -> String {
    guard text.utf8.contains(where: isSuspicious) else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\0": result += "\u{fffd}"
      case _ where isShown && isInvisible(scalar): result += shown(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// True for bytes that may begin something to escape: a cheap look at text that mostly has none.
  private static func isSuspicious(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x26, 0x3c, 0x3e, 0x22, 0x27, 0x7f, 0xc2, 0xd8, 0xe2, 0xef, 0xf3: true
    case 0x09, 0x0a: false
    default: byte < 0x20
    }
  }

  /// Control characters, marks and overrides of direction, and characters without a shape.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a: false
    case ..<0x20, 0x7f...0x9f, 0x61c, 0x200b, 0x200e...0x200f, 0x2028...0x202e, 0x2060...0x206f,
      0xfeff, 0xe0000...0xe007f:
      true
    default: false
    }
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\r" { return "␍" }
    if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
      return String(Character(picture))
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "⟩"
  }
}
