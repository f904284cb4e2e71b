/// The characters between `[` and `]` of a pattern: single ones, ranges, `[:class:]`, all but those after `!` or `^`.
struct GlobSet: Sendable {
  private var ranges: [ClosedRange<Unicode.Scalar>] = []
  private var classes: [String] = []
  private let isNegated: Bool

  /// Reads what follows `[` and moves behind the `]`; nil when there is none, or for an unknown class.
  init?(_ scalars: [Unicode.Scalar], _ index: inout Int) {
    var place = index
    isNegated = place < scalars.count && (scalars[place] == "!" || scalars[place] == "^")
    if isNegated { place += 1 }
    var isFirst = true
    while true {
      guard place < scalars.count else { return nil }
      if scalars[place] == "]", !isFirst { break }
      isFirst = false
      if scalars[place...].starts(with: "[:".unicodeScalars) {
        guard let name = Self.className(scalars, &place) else { return nil }
        classes.append(name)
        continue
      }
      guard let low = Self.member(scalars, &place) else { return nil }
      guard place + 1 < scalars.count, scalars[place] == "-", scalars[place + 1] != "]" else {
        ranges.append(low...low)
        continue
      }
      place += 1
      guard let high = Self.member(scalars, &place) else { return nil }
      // A range that goes backwards has its first character, as in git.
      ranges.append(low...(low <= high ? high : low))
    }
    index = place + 1
  }

  private static func member(_ scalars: [Unicode.Scalar], _ place: inout Int) -> Unicode.Scalar? {
    if scalars[place] == "\\" { place += 1 }
    guard place < scalars.count else { return nil }
    defer { place += 1 }
    return scalars[place]
  }

  private static func className(_ scalars: [Unicode.Scalar], _ place: inout Int) -> String? {
    let rest = scalars[(place + 2)...]
    guard let end = rest.firstIndex(of: ":"), end + 1 < scalars.count, scalars[end + 1] == "]"
    else { return nil }
    let name = String(String.UnicodeScalarView(rest[..<end]))
    guard contains("a", in: name) != nil else { return nil }
    place = end + 2
    return name
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isMember =
      ranges.contains { $0.contains(scalar) }
      || classes.contains { Self.contains(scalar, in: $0) == true }
    return isMember != isNegated
  }

  /// Whether a class of ASCII has a character; nil when there is no such class.
  private static func contains(_ scalar: Unicode.Scalar, in name: String) -> Bool? {
    let isASCII = scalar.isASCII
    let character = Character(scalar)
    let isGraphic = (0x21...0x7e).contains(scalar.value)
    return switch name {
    case "alpha": isASCII && character.isLetter
    case "digit": ("0"..."9").contains(scalar)
    case "alnum": isASCII && (character.isLetter || character.isNumber)
    case "upper": ("A"..."Z").contains(scalar)
    case "lower": ("a"..."z").contains(scalar)
    case "space": isASCII && scalar.properties.isWhitespace
    case "blank": scalar == " " || scalar == "\t"
    case "punct": isGraphic && !character.isLetter && !character.isNumber
    case "xdigit": isASCII && character.isHexDigit
    case "print": isGraphic || scalar == " "
    case "graph": isGraphic
    case "cntrl": isASCII && scalar.properties.generalCategory == .control
    default: nil
    }
  }
}
