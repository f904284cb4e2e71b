/// Characters beyond U+FFFF as JSON escapes them in double quotes, by two halves.
///
/// `"\ud83d\ude00"` is 😀. libyaml knows only `\U0001F600`.
enum SurrogatePairs {
  /// What is said of such an escape.
  static let complaint = "an escape that is no character"

  static func isComplaint(_ problem: WorkflowError) -> Bool { problem.message == complaint }

  /// The text with each pair as one escape; nil when it has none.
  ///
  /// Only pairs in double quotes are looked at: those on a line where an odd number of quotes stands before them. A line
  /// that this misjudges holds the escape as plain text, which no template and no message needs.
  static func joined(in text: String) -> String? {
    var changed = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      line -> String in
      guard line.contains("\\u") || line.contains("\\U") else { return String(line) }
      let found = joined(inLine: Array(line.utf8))
      if found.changed { changed = true }
      return String(decoding: found.bytes, as: UTF8.self)
    }
    return changed ? lines.joined(separator: "\n") : nil
  }

  private static func joined(inLine bytes: [UInt8]) -> (bytes: [UInt8], changed: Bool) {
    var out: [UInt8] = []
    var (index, isQuoted, changed) = (0, false, false)
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\""), !isQuoted || out.last != UInt8(ascii: "\\") {
        isQuoted.toggle()
      }
      if isQuoted, byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
        if let high = unit(bytes, at: index), (0xD800..<0xDC00).contains(high),
          let low = unit(bytes, at: index + 6), (0xDC00..<0xE000).contains(low)
        {
          let code = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
          let digits = String(code, radix: 16, uppercase: true)
          out += Array("\\U\(String(repeating: "0", count: 8 - digits.count))\(digits)".utf8)
          (index, changed) = (index + 12, true)
        } else {
          out += bytes[index...index + 1]
          index += 2
        }
        continue
      }
      out.append(byte)
      index += 1
    }
    return (out, changed)
  }

  /// The number of a `\\uXXXX` that begins at a place.
  private static func unit(_ bytes: [UInt8], at start: Int) -> UInt32? {
    guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"),
      bytes[start + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt32(String(decoding: bytes[(start + 2)..<(start + 6)], as: UTF8.self), radix: 16)
  }
}
