/// Turns the bytes of a file into text that YAML may hold, or says what is wrong with them.
enum YAMLText {
  static func decode(_ bytes: [UInt8], file: String) throws(WorkflowError) -> String {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw WorkflowError(
        .yaml,
        "the file is UTF-16, expected UTF-8",
        at: SourceLocation(file: file, line: 1, column: 1),
        hint: "save it as UTF-8"
      )
    }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw WorkflowError(
        .yaml,
        "the file is not UTF-8 here",
        at: placeOfBadByte(body, file: file),
        hint: "save it as UTF-8"
      )
    }
    try check(text, file: file)
    return text
  }

  /// Refuses the control characters that YAML refuses, with their place.
  static func check(_ text: String, file: String) throws(WorkflowError) {
    guard text.utf8.contains(where: isControl) else { return }
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
      if scalar.value < 0x80, isControl(UInt8(scalar.value)) {
        let name = String(scalar.value, radix: 16, uppercase: true)
        throw WorkflowError(
          .yaml,
          "the control character U+\(String(repeating: "0", count: 4 - name.count))\(name) is not allowed",
          at: SourceLocation(file: file, line: line, column: column),
          hint: "remove it, or write it as an escape in double quotes"
        )
      }
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D)
  }

  /// The first place where decoding with repair puts a replacement that the bytes do not hold.
  private static func placeOfBadByte(_ bytes: ArraySlice<UInt8>, file: String) -> SourceLocation {
    var (line, column, offset) = (1, 1, bytes.startIndex)
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar == "\u{FFFD}", !bytes[offset...].starts(with: [0xEF, 0xBF, 0xBD]) { break }
      offset += UTF8.width(scalar)
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return SourceLocation(file: file, line: line, column: column)
  }
}
