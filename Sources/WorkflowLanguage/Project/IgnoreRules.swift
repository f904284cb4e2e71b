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
        && Self.match(rule.pattern, rule.isAnchored ? Array(path) : name)
    }
    return rule.map { !$0.isNegated } ?? false
  }

  private static func match(_ pattern: [Character], _ text: [Character]) -> Bool {
    var glob = Glob(pattern, text)
    return glob.matches()
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
}

/// Matches one text against one glob: `*` within a name, `**` across names, `?` and `[…]`.
///
/// Pairs of places that failed are remembered, so that the time stays within pattern × text.
private struct Glob {
  let pattern: [Character]
  let text: [Character]
  private var failed: Set<Int> = []

  init(_ pattern: [Character], _ text: [Character]) {
    self.pattern = pattern
    self.text = text
  }

  mutating func matches() -> Bool { matches(0, 0) }

  private mutating func matches(_ p: Int, _ t: Int) -> Bool {
    let key = p * (text.count + 1) + t
    if failed.contains(key) { return false }
    let found = step(p, t)
    if !found { failed.insert(key) }
    return found
  }

  private mutating func step(_ p: Int, _ t: Int) -> Bool {
    guard p < pattern.count else { return t == text.count }
    let next = t < text.count ? text[t] : nil
    switch pattern[p] {
    case "*" where p + 1 < pattern.count && pattern[p + 1] == "*":
      if p + 2 < pattern.count, pattern[p + 2] == "/", matches(p + 3, t) { return true }
      return matches(p + 2, t) || (next != nil && matches(p, t + 1))
    case "*":
      return matches(p + 1, t) || (next != nil && next != "/" && matches(p, t + 1))
    case "?":
      return next != nil && next != "/" && matches(p + 1, t + 1)
    case "[":
      guard let next, next != "/" else { return false }
      guard let close = pattern[min(p + 2, pattern.count)...].firstIndex(of: "]") else {
        return next == "[" && matches(p + 1, t + 1)
      }
      return Self.isMember(next, of: pattern[(p + 1)..<close]) && matches(close + 1, t + 1)
    default:
      return next == pattern[p] && matches(p + 1, t + 1)
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
