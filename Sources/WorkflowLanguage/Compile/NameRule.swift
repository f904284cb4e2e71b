/// What names of tasks and workflows may be made of.
enum NameRule {
  static let longest = 255

  /// What is wrong with the name of a task behind its sign; nil when it is sound.
  static func problem(ofTask name: Substring) -> String? {
    if name.isEmpty { return "has no name" }
    if name.count > longest {
      return "has a name of \(name.count) characters, at most \(longest) are allowed"
    }
    guard let bad = name.first(where: { !isAllowed($0) }) else { return nil }
    let shown = bad == " " ? "a blank" : "`\(bad)`"
    return
      "has \(shown) in its name; allowed are letters, digits and `_-=[]{}%&@,.` and the backtick"
  }

  /// What is wrong with the name of a workflow; nil when it is sound.
  static func problem(ofWorkflow name: String) -> String? {
    if let problem = problem(ofTask: name[...]) { return problem }
    guard let first = name.first else { return nil }
    // Of the characters that a task may have, digdag's own check refuses these two groups in front, and no others.
    if first.isNumber || first == "@" {
      return "has a name that begins with `\(first)`, expected a letter or `_`"
    }
    return name.hasSuffix(".dig") ? "has a name that ends in `.dig`" : nil
  }

  private static func isAllowed(_ character: Character) -> Bool {
    guard character.isASCII else { return false }
    return character.isLetter || character.isNumber || "_-=[]{}%&@`,.".contains(character)
  }
}
