import Foundation

/// Text in the headers of a mail: RFC 5322 folding, RFC 2047 encoded words, RFC 2231 parameters.
enum HeaderText {
  /// The longest line that every mail server keeps whole (RFC 5322 §2.1.1 recommends 78).
  static let lineWidth = 76

  /// True when a text holds a character that could end a header line or a command.
  static func hasControlCharacter(_ text: String) -> Bool {
    text.unicodeScalars.contains {
      $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}"
    }
  }

  /// The text of an unstructured header such as Subject: as it is when it is short and ASCII, else encoded words (RFC 2047 §2).
  static func unstructured(_ text: String, after name: String) -> String {
    let fits = name.utf8.count + 2 + text.utf8.count <= lineWidth
    return fits && isPlain(text) ? text : encodedWords(text)
  }

  /// A display name in front of an address.
  static func phrase(_ name: String) -> String {
    guard isPlain(name), name.utf8.count <= lineWidth - 16 else { return encodedWords(name) }
    return name.allSatisfy { isAtomCharacter($0) || $0 == " " } ? name : quoted(name)
  }

  /// A parameter such as `filename`: quoted when ASCII, else RFC 2231's `name*=UTF-8''…`.
  static func parameter(_ name: String, _ value: String) -> String {
    guard value.utf8.allSatisfy({ $0 < 0x80 }) else {
      return "\(name)*=UTF-8''" + percentEncoded(value)
    }
    return "\(name)=\(quoted(value))"
  }

  /// Elements joined by commas, each on a line of its own when they do not fit into one.
  static func list(_ elements: [String], after name: String) -> String {
    var lines: [String] = []
    var line = ""
    for element in elements {
      let indent = lines.isEmpty ? name.utf8.count + 2 : 1
      if !line.isEmpty, indent + line.utf8.count + element.utf8.count + 3 > lineWidth {
        lines.append(line + ",")
        line = element
      } else {
        line += line.isEmpty ? element : ", " + element
      }
    }
    return (lines + [line]).joined(separator: "\r\n ")
  }

  static func isAtomCharacter(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || "!#$%&'*+-/=?^_`{|}~".contains(character))
  }

  private static func isPlain(_ text: String) -> Bool {
    // `=?` could be read as the start of an encoded word.
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// 42 bytes are 56 characters of base64: 68 with the frame, and 75 are allowed.
  private static func encodedWords(_ text: String) -> String {
    var words: [String] = []
    var chunk: [UInt8] = []
    func close() {
      if !chunk.isEmpty { words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=") }
      chunk = []
    }
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if chunk.count + bytes.count > 42 { close() }
      chunk += bytes
    }
    close()
    return words.joined(separator: "\r\n ")
  }

  private static func percentEncoded(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      let isSafe =
        byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
      let digits = String(byte, radix: 16, uppercase: true)
      return isSafe ? String(character) : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
