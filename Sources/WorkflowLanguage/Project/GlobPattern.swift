/// One pattern of gitignore: `*` and `?` within a name, `**` across names, `[…]`, and `\` before what is meant as it is.
///
/// All places of the pattern that a text may have reached are kept together, so the time is pattern × text.
struct GlobPattern: Sendable {
  private enum Token: Sendable {
    case character(Unicode.Scalar)
    /// `?`
    case any
    /// `*`
    case run
    /// `**/`: any number of whole folders, none included.
    case folders
    /// `**` at the end: all that is left, at least something.
    case rest
    case set(GlobSet)
  }

  /// A token to match next; within `**/` also whether a name has begun, because it ends only behind a `/`.
  private struct Place: Hashable {
    let index: Int
    var isInName = false
  }

  private let tokens: [Token]

  /// Reads a pattern without the `/` at its beginning and end; nil when it matches nothing at all.
  init?(_ text: Substring) {
    let scalars = Array(text.unicodeScalars)
    var tokens: [Token] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "\\":
        guard index < scalars.count else { return nil }
        tokens.append(.character(scalars[index]))
        index += 1
      case "?": tokens.append(.any)
      case "*": tokens.append(Self.stars(scalars, &index))
      case "[":
        guard let set = GlobSet(scalars, &index) else { return nil }
        tokens.append(.set(set))
      default: tokens.append(.character(scalar))
      }
    }
    self.tokens = tokens
  }

  /// Two stars or more are special as a whole name only; otherwise they are one star.
  private static func stars(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Token {
    let start = index - 1
    while index < scalars.count, scalars[index] == "*" { index += 1 }
    guard index - start >= 2, start == 0 || scalars[start - 1] == "/" else { return .run }
    if index == scalars.count { return .rest }
    guard scalars[index] == "/" else { return .run }
    index += 1
    return .folders
  }

  func matches(_ text: Substring) -> Bool {
    var places = Set<Place>()
    reach(Place(index: 0), &places)
    for scalar in text.unicodeScalars {
      var next = Set<Place>()
      for place in places where place.index < tokens.count { step(place, scalar, &next) }
      if next.isEmpty { return false }
      places = next
    }
    return places.contains(Place(index: tokens.count))
  }

  private func step(_ place: Place, _ scalar: Unicode.Scalar, _ next: inout Set<Place>) {
    let following = Place(index: place.index + 1)
    switch tokens[place.index] {
    case .character(let expected): if scalar == expected { reach(following, &next) }
    case .any: if scalar != "/" { reach(following, &next) }
    case .set(let set): if scalar != "/", set.contains(scalar) { reach(following, &next) }
    case .run: if scalar != "/" { reach(place, &next) }
    case .folders: reach(Place(index: place.index, isInName: scalar != "/"), &next)
    case .rest:
      reach(place, &next)
      reach(following, &next)
    }
  }

  /// Adds a place and those behind tokens that may match nothing.
  private func reach(_ place: Place, _ places: inout Set<Place>) {
    var place = place
    while places.insert(place).inserted, place.index < tokens.count {
      switch tokens[place.index] {
      case .run: place = Place(index: place.index + 1)
      case .folders where !place.isInName: place = Place(index: place.index + 1)
      case .folders, .rest, .character, .any, .set: return
      }
    }
  }
}
