/// What names of projects and revisions may be made of.
enum ProjectName {
  static let longest = 255

  /// - Throws: ``ProjectError`` `invalidName`.
  static func check(project name: String) throws(ProjectError) {
    if let problem = problem(ofProject: name) {
      throw ProjectError(.invalidName, "the project name \(name.quotedName) \(problem)")
    }
  }

  /// - Throws: ``ProjectError`` `invalidName`.
  static func check(revision name: String) throws(ProjectError) {
    if let problem = problem(ofAny: name) {
      throw ProjectError(.invalidName, "the revision name \(name.quotedName) \(problem)")
    }
  }

  private static func problem(ofProject name: String) -> String? {
    if let problem = problem(ofAny: name) { return problem }
    if let first = name.first, !first.isLetter {
      return "begins with \(String(first).quotedName), expected a letter"
    }
    // `#` marks the names of deleted projects; `/` would be a path in addresses.
    if let bad = name.first(where: { $0 == "#" || $0 == "/" || $0 == "\\" }) {
      return "has \(String(bad).quotedName) in it"
    }
    return name.hasSuffix(".dig") ? "ends in `.dig`" : nil
  }

  private static func problem(ofAny name: String) -> String? {
    if name.allSatisfy(\.isWhitespace) { return "is empty" }
    if name.count > longest || name.utf8.count > 4 * longest {
      return "has \(name.count) characters, at most \(longest) are allowed"
    }
    if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
      return "begins or ends with a blank"
    }
    let hasHidden = name.unicodeScalars.contains { scalar in
      scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
    }
    return hasHidden ? "has a control character in it" : nil
  }
}
