import Values

/// The end of a message about a name that nothing has: what may have been meant, or what there is.
enum NearestNames {
  /// `; did you mean `a`?`, or the first names there are, or nothing.
  static func hint(for word: String, among names: [String]) -> String {
    let near = Suggestion.nearest(to: word, among: names)
    if !near.isEmpty { return "; did you mean \(list(near))?" }
    guard !names.isEmpty else { return "" }
    return "; there are \(list(Array(names.prefix(10))))" + (names.count > 10 ? " and others" : "")
  }

  static func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }
}
