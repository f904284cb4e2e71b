/// A text cut into what stays and what is evaluated.
///
/// `${ … }` reaches to the matching brace, counted without regard to quotes. `$$` stands for `$`. An unterminated `${` stays
/// as written, and so does `${word:` with lower-case letters, which belongs to operators; templates inside it are cut out.
struct TemplateText {
  /// One more than expressions: before, between and behind them.
  private(set) var literals: [String] = []
  private(set) var expressions: [String] = []
  /// The line that each expression begins in, counted from 1.
  private(set) var lines: [Int] = []
  private var literal: [UInt8] = []
  private var line = 1

  init(_ text: String) {
    cut(Array(text.utf8)[...])
    literals.append(String(decoding: literal, as: UTF8.self))
    literal = []
  }

  private mutating func cut(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$"), let next = rest.first else {
        keep(byte)
        continue
      }
      if next == UInt8(ascii: "$") {
        keep(byte)
        rest.removeFirst()
      } else if next == UInt8(ascii: "{"), let end = TemplateText.closingBrace(in: rest) {
        take(rest[(rest.startIndex + 1)..<end])
        rest = rest[(end + 1)...]
      } else {
        keep(byte)
      }
    }
  }

  /// Handles what stands between the braces.
  private mutating func take(_ inside: ArraySlice<UInt8>) {
    let word = inside.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    if !word.isEmpty, inside.dropFirst(word.count).first == UInt8(ascii: ":") {
      literal += Array("${".utf8)
      cut(inside)
      literal.append(UInt8(ascii: "}"))
      return
    }
    literals.append(String(decoding: literal, as: UTF8.self))
    literal = []
    expressions.append(String(decoding: inside, as: UTF8.self))
    lines.append(line)
    line += inside.count { $0 == UInt8(ascii: "\n") }
  }

  private mutating func keep(_ byte: UInt8) {
    literal.append(byte)
    if byte == UInt8(ascii: "\n") { line += 1 }
  }

  /// The index of the brace that closes the one at the start.
  private static func closingBrace(in bytes: ArraySlice<UInt8>) -> Int? {
    var depth = 0
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }
}
