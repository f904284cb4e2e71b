/// The rule for names of variables in Python, which parameters of a notebook become.
enum PythonName {
  /// True for letters, digits and `_`, beginning with no digit, that are no word of the language.
  static func isAllowed(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, name.unicodeScalars.count <= 250 else {
      return false
    }
    return (first == "_" || first.properties.isXIDStart)
      && name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
      && !words.contains(name)
  }

  /// A name that is allowed, made from one that is not.
  static func nearest(to name: String) -> String {
    var letters = name.unicodeScalars.prefix(250).map { letter -> Character in
      letter.properties.isXIDContinue ? Character(letter) : "_"
    }
    if let first = letters.first, !isAllowed(String(first)) { letters.insert("_", at: 0) }
    let text = String(letters)
    return isAllowed(text) ? text : text + "_"
  }

  // The Python 3.11 language reference, 2.3.1 "Keywords".
  private static let words: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in",
    "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
  ]
}
