/// The rules of a `.digdagignore` file, which are those of gitignore.
///
/// The last rule that matches decides. A path below an ignored folder is ignored and cannot be taken back.
public struct IgnoreRules: Sendable {
  private struct Rule {
    let pattern: GlobPattern
    let isNegated: Bool
    let onlyFolders: Bool
    /// True where the pattern starts at the root; otherwise it matches a name at any depth.
    let isAnchored: Bool
  }

  private let rules: [Rule]

  /// Reads the text of the file; blank lines and lines that begin with `#` say nothing.
  public init(_ text: String = "") {
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    rules = text.split(whereSeparator: \.isNewline).compactMap(Self.rule)
  }

  /// True when the path, relative to the root of the project, is to be left out.
  public func ignores(_ path: String, isFolder: Bool = false) -> Bool {
    guard !rules.isEmpty else { return false }
    let parts = path.split(separator: "/")
    for depth in parts.indices {
      let isLast = depth == parts.count - 1
      let part = parts[...depth].joined(separator: "/")
      if matches(part, name: parts[depth], isFolder: !isLast || isFolder) { return true }
    }
    return false
  }

  private func matches(_ path: String, name: Substring, isFolder: Bool) -> Bool {
    let rule = rules.last { rule in
      (isFolder || !rule.onlyFolders) && rule.pattern.matches(rule.isAnchored ? path[...] : name)
    }
    return rule.map { !$0.isNegated } ?? false
  }

  private static func rule(_ line: Substring) -> Rule? {
    var text = withoutTrailingBlanks(line)
    guard !text.isEmpty, text.first != "#" else { return nil }
    let isNegated = text.first == "!"
    if isNegated { text.removeFirst() }
    let onlyFolders = text.last == "/"
    if onlyFolders { text.removeLast() }
    let isAnchored = text.contains("/")
    if text.first == "/" { text.removeFirst() }
    guard !text.isEmpty, let pattern = GlobPattern(text) else { return nil }
    return Rule(
      pattern: pattern,
      isNegated: isNegated,
      onlyFolders: onlyFolders,
      isAnchored: isAnchored
    )
  }

  /// A blank at the end counts when a backslash stands before it.
  private static func withoutTrailingBlanks(_ line: Substring) -> Substring {
    var text = line
    while text.last == " " {
      let rest = text.dropLast()
      let backslashes = rest.reversed().prefix { $0 == "\\" }.count
      if backslashes % 2 == 1 { return text }
      text = rest
    }
    return text
  }
}
