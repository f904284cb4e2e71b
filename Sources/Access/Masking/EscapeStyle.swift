/// How a program writes characters that it cannot write as they are.
struct EscapeStyle: Sendable {
  /// What stands for single characters.
  private let named: [Unicode.Scalar: String]
  /// What stands for the others that are not left as they are; nil leaves all of them.
  private let other: (@Sendable (Unicode.Scalar) -> String?)?

  func apply(to text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let name = named[scalar] {
        result += name
      } else if let escape = other?(scalar) {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static let json = EscapeStyle(named: jsonNames, other: units(everything: false, ascii: false))
  /// As Go and many web frameworks write it, so that it can stand in a page.
  static let jsonForHTML = EscapeStyle(
    named: jsonNames.merging(["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"]) { $1 },
    other: units(everything: false, ascii: false)
  )

  /// What a message in JSON goes through when it becomes a part of another.
  static let jsonOutside =
    [json, jsonForHTML]
    + [false, true].map { capital in
      EscapeStyle(named: jsonNames, other: units(everything: false, capital: capital))
    }

  static let all: [EscapeStyle] = jsonStyles + htmlStyles + pythonStyles + shellStyles

  private static let jsonNames: [Unicode.Scalar: String] = [
    "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b",
    "\u{c}": "\\f",
  ]

  private static var jsonStyles: [EscapeStyle] {
    let slash = jsonNames.merging(["/": "\\/"]) { $1 }
    let ascii = [false, true].flatMap { capital in
      [
        EscapeStyle(named: jsonNames, other: units(everything: false, capital: capital)),
        EscapeStyle(named: slash, other: units(everything: false, capital: capital)),
        EscapeStyle(named: [:], other: units(everything: true, capital: capital)),
        EscapeStyle(
          named: jsonNames.merging(markup(capital: capital)) { $1 },
          other: units(everything: false, capital: capital)
        ),
      ]
    }
    let plain = EscapeStyle(named: slash, other: units(everything: false, ascii: false))
    return [json, jsonForHTML, plain] + ascii
  }

  private static func markup(capital: Bool) -> [Unicode.Scalar: String] {
    var names: [Unicode.Scalar: String] = [:]
    for scalar in "<>&'".unicodeScalars { names[scalar] = unit(UInt16(scalar.value), capital) }
    return names
  }

  private static var htmlStyles: [EscapeStyle] {
    let text: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;"]
    let double = ["&quot;", "&#34;", "&#x22;"]
    let single = ["'", "&#39;", "&#x27;", "&apos;", "&#039;"]
    let blanks: [Unicode.Scalar: String] = ["\n": "&#10;", "\r": "&#13;", "\t": "&#9;"]
    let attributes = [[:], ["\"": "&quot;"]].map { quotes in
      EscapeStyle(named: text.merging(blanks) { $1 }.merging(quotes) { $1 }, other: nil)
    }
    return attributes + [EscapeStyle(named: text, other: nil)]
      + double.flatMap { double in
        single.map { single in
          EscapeStyle(named: text.merging(["\"": double, "'": single]) { $1 }, other: nil)
        }
      }
  }

  /// `repr` of text and of bytes, with either quote around it, and `ascii`.
  private static var pythonStyles: [EscapeStyle] {
    let names: [Unicode.Scalar: String] = [
      "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    ]
    let quotes: [[Unicode.Scalar: String]] = [[:], ["'": "\\'"], ["\"": "\\\""]]
    return quotes.flatMap { quote in
      let named = names.merging(quote) { $1 }
      return [
        EscapeStyle(named: named) {
          $0.value < 32 || $0.value == 127 ? "\\x" + hex($0.value, 2) : nil
        },
        EscapeStyle(named: named) { $0.value < 32 || $0.value > 126 ? wide($0.value) : nil },
        EscapeStyle(named: named) { $0.value < 32 || $0.value > 126 ? bytes($0, radix: 16) : nil },
      ]
    }
  }

  /// Between double quotes, between `$'` and `'`, and with a backslash before each special character.
  private static var shellStyles: [EscapeStyle] {
    func slashed(_ text: String) -> [Unicode.Scalar: String] {
      Dictionary(uniqueKeysWithValues: text.unicodeScalars.map { ($0, "\\\($0)") })
    }
    let control: [Unicode.Scalar: String] = [
      "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{1b}": "\\E", "\u{7}": "\\a",
    ]
    let special = " \t!\"#$&'()*;<=>?[\\]^`{|},~"
    return [
      EscapeStyle(named: slashed("\"$`\\"), other: nil),
      EscapeStyle(named: slashed("\"$`\\!"), other: nil),
      EscapeStyle(named: slashed(special), other: nil),
      EscapeStyle(named: slashed(special.filter { !"=^{}~#,".contains($0) }), other: nil),
      EscapeStyle(named: control.merging(slashed("'\\")) { $1 }, other: nil),
      EscapeStyle(named: control.merging(slashed("'\\")) { $1 }) {
        $0.value < 32 || $0.value > 126 ? bytes($0, radix: 8) : nil
      },
    ]
  }

  /// `\uXXXX`, two of them beyond the basic plane.
  private static func units(
    everything: Bool,
    ascii: Bool = true,
    capital: Bool = false
  ) -> @Sendable (Unicode.Scalar) -> String? {
    { scalar in
      guard everything || scalar.value < 32 || (ascii && scalar.value > 126) else { return nil }
      return UTF16.encode(scalar)?.map { unit($0, capital) }.joined()
    }
  }

  private static func unit(_ unit: UInt16, _ capital: Bool) -> String {
    "\\u" + hex(UInt32(unit), 4, capital: capital)
  }

  private static func wide(_ value: UInt32) -> String {
    value < 0x100
      ? "\\x" + hex(value, 2) : value < 0x1_0000 ? "\\u" + hex(value, 4) : "\\U" + hex(value, 8)
  }

  private static func bytes(_ scalar: Unicode.Scalar, radix: Int) -> String {
    UTF8.encode(scalar)?.map { byte in
      let digits = String(byte, radix: radix)
      let width = radix == 16 ? 2 : 3
      let zeros = String(repeating: "0", count: width - digits.count)
      return (radix == 16 ? "\\x" : "\\") + zeros + digits
    }.joined() ?? ""
  }

  private static func hex(_ value: UInt32, _ width: Int, capital: Bool = false) -> String {
    let digits = String(value, radix: 16, uppercase: capital)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
