import Foundation

/// The texts in which a secret may turn up where it is shown.
///
/// A set of byte strings: the secret itself, its lines, and each of them as other programs write it.
struct SecretForms {
  private(set) var patterns: Set<[UInt8]> = []

  /// - Parameter text: of a secret; too short a one gives no patterns.
  init(of text: String) {
    // Files of secrets end with a newline that whoever reads them takes away.
    let trimmed = text.trimmingCharacters(in: .newlines)
    guard trimmed.utf8.count >= SecretMask.fewestBytes else { return }
    add(trimmed)
    let lines = trimmed.split(whereSeparator: \.isNewline)
    guard lines.count > 1 else { return }
    add(lines.joined(separator: "\n"))
    add(lines.joined(separator: "\r\n"))
    for line in lines {
      let plain = line.trimmingCharacters(in: .whitespaces)
      if plain.utf8.count >= SecretMask.fewestBytesOfLine { add(plain) }
    }
  }

  private mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    insert(bytes)
    insert(Array(String(text.reversed()).utf8))
    for form in Self.escaped(text) { insert(Array(form.utf8)) }
    for form in PercentForms.all(of: bytes) { insert(form) }
    for form in Base64Forms.all(of: bytes) { insert(form) }
    for capital in [false, true] {
      let pairs = bytes.map { Self.hexadecimal($0, capital: capital) }
      insert(Array(pairs.joined().utf8))
      insert(Array(pairs.map { "\\x" + $0 }.joined().utf8))
    }
  }

  private mutating func insert(_ pattern: [UInt8]) {
    if pattern.count >= SecretMask.fewestBytes { patterns.insert(pattern) }
  }

  /// As JSON, HTML, Python, shells, SQL and CSV write it between their quotes.
  private static func escaped(_ text: String) -> [String] {
    let once = EscapeStyle.all.map { $0.apply(to: text) }
    // A log line in JSON that holds a message in JSON.
    let twice = Set(once).filter { $0.contains("\\") || $0.contains("\"") }.flatMap { form in
      EscapeStyle.jsonOutside.map { $0.apply(to: form) }
    }
    let shells = [
      text.replacing("'", with: "'\\''"), text.replacing("'", with: "'\"'\"'"),
      text.replacing("'", with: "''"), text.replacing("\"", with: "\"\""),
    ]
    return once + twice + shells
  }

  static func hexadecimal(_ byte: UInt8, capital: Bool) -> String {
    let digits = String(byte, radix: 16, uppercase: capital)
    return digits.count == 1 ? "0" + digits : digits
  }
}

/// Percent-encoding, which differs in what is left as it is.
private enum PercentForms {
  /// RFC 3986; `encodeURIComponent`; `encodeURI`; Python's `quote`; forms of browsers; nothing at all.
  private static let left = ["-._~", "-_.!~*'()", "-_.!~*'();/?:@&=+$,#", "-._~/", "*-._"]

  static func all(of bytes: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for capital in [false, true] {
      let encoded = (UInt8.min...UInt8.max).map { byte in
        Array("%\(SecretForms.hexadecimal(byte, capital: capital))".utf8)
      }
      forms.append(bytes.flatMap { encoded[Int($0)] })
      for kept in left {
        let isKept = (UInt8.min...UInt8.max).map { byte in
          isLetterOrDigit(byte) || kept.utf8.contains(byte)
        }
        for blank in [encoded[32], [UInt8(ascii: "+")]] {
          forms.append(
            bytes.flatMap { $0 == 32 ? blank : isKept[Int($0)] ? [$0] : encoded[Int($0)] }
          )
        }
      }
    }
    return forms
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}

/// Base64 (RFC 4648) of texts that have the secret in them.
///
/// Three bytes become four characters, so there are three ways in which a secret may lie in them. Of
/// each, the characters are taken that follow from the secret alone; the one at an edge that it shares
/// with its neighbour (at most four of its bits) stays.
private enum Base64Forms {
  static func all(of bytes: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for before in 0...2 {
      let filled = [UInt8](repeating: 0, count: before) + bytes
      let whole = Array(Data(filled).base64EncodedString().utf8)
      let first = (before * 8 + 5) / 6
      let shared = filled.count * 8 / 6
      let plain = whole.prefix { $0 != UInt8(ascii: "=") }
      forms.append(Array(plain[first..<shared]))
      forms.append(Array(plain[first...]))
      forms.append(Array(whole[first...]))
    }
    return (forms + wrapped(Array(Data(bytes).base64EncodedString().utf8))).flatMap {
      [$0, forURLs($0)]
    }
  }

  /// As programs that write mail or certificates break it into lines: the lines, and all of it.
  private static func wrapped(_ text: [UInt8]) -> [[UInt8]] {
    [64, 76].filter { text.count > $0 }.flatMap { width -> [[UInt8]] in
      let lines = stride(from: 0, to: text.count, by: width).map { start in
        Array(text[start..<min(start + width, text.count)])
      }
      let long = lines.filter { $0.count >= SecretMask.fewestBytesOfLine }
      return long + ["\n", "\r\n"].map { Array(lines.joined(separator: Array($0.utf8))) }
    }
  }

  private static func forURLs(_ form: [UInt8]) -> [UInt8] {
    form.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }
  }
}
