/// The rules of a `.digdagignore` file, a subset of gitignore: globs, `**`, `!` and folders.
///
/// The last rule that matches decides. A path below an ignored folder is ignored and cannot be taken back.
public struct IgnoreRules: Sendable {
  private struct Rule {
    let pattern: [Character]
    let isNegated: Bool
    let onlyFolders: Bool
    /// True where the pattern starts at the root; otherwise it matches a name at any depth.
    let isAnchored: Bool
  }

  private let rules: [Rule]

  /// Reads the text of the file; blank lines and lines that begin with `#` say nothing.
  public init(_ text: String = "") {
    rules = text.split(whereSeparator: \.isNewline).compactMap { Self.rule(String($0)) }
  }

  /// True when the path, relative to the root of the project, is to be left out.
  public func ignores(_ path: String, isFolder: Bool = false) -> Bool {
    guard !rules.isEmpty else { return false }
    let parts = path.split(separator: "/")
    for depth in parts.indices {
      let isLast = depth == parts.count - 1
      let part = parts[...depth].joined(separator: "/")
      if matches(part, isFolder: !isLast || isFolder) { return true }
    }
    return false
  }

  private func matches(_ path: String, isFolder: Bool) -> Bool {
    let name = path.split(separator: "/").last.map(Array.init) ?? []
    let rule = rules.last { rule in
      (isFolder || !rule.onlyFolders)
        && Self.match(rule.pattern[...], (rule.isAnchored ? Array(path) : name)[...])
    }
    return rule.map { !$0.isNegated } ?? false
  }

  private static func rule(_ line: String) -> Rule? {
    var text = Substring(line)
    while text.last == " " { text.removeLast() }
    guard !text.isEmpty, text.first != "#" else { return nil }
    let isNegated = text.first == "!"
    if isNegated || text.first == "\\" { text.removeFirst() }
    let onlyFolders = text.last == "/"
    if onlyFolders { text.removeLast() }
    let isAnchored = text.contains("/")
    if text.first == "/" { text.removeFirst() }
    guard !text.isEmpty else { return nil }
    return Rule(
      pattern: Array(text),
      isNegated: isNegated,
      onlyFolders: onlyFolders,
      isAnchored: isAnchored
    )
  }

  /// Matches `*` within a name, `**` across names, `?` and `[…]`.
  private static func match(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool
  {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case "*" where rest.first == "*":
      let behind = rest.dropFirst()
      if behind.first == "/", match(behind.dropFirst(), text) { return true }
      return (text.startIndex...text.endIndex).contains { match(behind, text[$0...]) }
    case "*":
      let end = text.firstIndex(of: "/") ?? text.endIndex
      return (text.startIndex...end).contains { match(rest, text[$0...]) }
    case "?":
      guard let character = text.first, character != "/" else { return false }
      return match(rest, text.dropFirst())
    case "[":
      guard let close = rest.dropFirst().firstIndex(of: "]"), let character = text.first,
        character != "/"
      else { return text.first == "[" && match(rest, text.dropFirst()) }
      return isMember(character, of: rest[..<close])
        && match(pattern[(close + 1)...], text.dropFirst())
    default:
      return text.first == first && match(rest, text.dropFirst())
    }
  }

  private static func isMember(_ character: Character, of set: ArraySlice<Character>) -> Bool {
    let isNegated = set.first == "!" || set.first == "^"
    let members = Array(isNegated ? set.dropFirst() : set)
    var found = false
    var index = 0
    while index < members.count {
      if index + 2 < members.count, members[index + 1] == "-" {
        found = found || (members[index] <= character && character <= members[index + 2])
        index += 3
      } else {
        found = found || members[index] == character
        index += 1
      }
    }
    return found != isNegated
  }
}
