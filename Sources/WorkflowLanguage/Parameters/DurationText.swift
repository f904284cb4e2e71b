/// Durations as `1d 2h 3m 4s`: each part at most once, in this order, at least one.
enum DurationText {
  static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    var seconds: Int64 = 0
    var parts = 0
    for (unit, factor) in [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)] as [(Character, Int64)] {
      let trimmed = rest.drop(while: \.isWhitespace)
      let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
      let after = trimmed.dropFirst(digits.count).drop(while: \.isWhitespace)
      guard !digits.isEmpty, after.first == unit else { continue }
      guard let number = Int64(digits), number <= .max / factor / 4 else { return nil }
      seconds += number * factor
      parts += 1
      rest = after.dropFirst()
    }
    guard parts > 0, rest.allSatisfy(\.isWhitespace) else { return nil }
    return .seconds(seconds)
  }
}
