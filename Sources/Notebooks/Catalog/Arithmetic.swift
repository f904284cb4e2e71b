/// The value of texts such as `60 * 3`: numbers, `+ - * /`, unary minus, round brackets.
enum Arithmetic {
  /// The value, or nil when the text is no such expression or its value is not finite.
  static func evaluate(_ text: String) -> Double? {
    var reader = Reader(characters: Array(text))
    guard let value = reader.sum(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.isAtEnd, value.isFinite else { return nil }
    return value
  }

  private struct Reader {
    let characters: [Character]
    var position = 0

    static let maximumDepth = 64

    var isAtEnd: Bool { position == characters.count }

    mutating func sum(depth: Int) -> Double? {
      guard var total = product(depth: depth) else { return nil }
      while let sign = take(among: "+-") {
        guard let next = product(depth: depth) else { return nil }
        total = sign == "+" ? total + next : total - next
      }
      return total
    }

    mutating func product(depth: Int) -> Double? {
      guard var total = factor(depth: depth) else { return nil }
      while let sign = take(among: "*/") {
        guard let next = factor(depth: depth) else { return nil }
        total = sign == "*" ? total * next : total / next
      }
      return total
    }

    mutating func factor(depth: Int) -> Double? {
      guard depth < Self.maximumDepth else { return nil }
      if take(among: "-") != nil { return factor(depth: depth + 1).map { -$0 } }
      guard take(among: "(") != nil else { return number() }
      guard let inner = sum(depth: depth + 1), take(among: ")") != nil else { return nil }
      return inner
    }

    mutating func number() -> Double? {
      skipBlanks()
      let start = position
      while position < characters.count, "0123456789.".contains(characters[position]) {
        position += 1
      }
      return Double(String(characters[start..<position]))
    }

    mutating func skipBlanks() {
      while !isAtEnd, characters[position].isWhitespace { position += 1 }
    }

    mutating func take(among signs: String) -> Character? {
      skipBlanks()
      guard !isAtEnd, signs.contains(characters[position]) else { return nil }
      position += 1
      return characters[position - 1]
    }
  }
}
