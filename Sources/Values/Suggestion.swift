/// Finds what a misspelt word may have meant.
public enum Suggestion {
  /// Finds the candidates within half of their own length of edits.
  ///
  /// - Parameters:
  ///   - word: what was written.
  ///   - candidates: what could have been meant.
  ///   - limit: how many to give at most.
  /// - Returns: the nearest first, names of equal distance in alphabetical order.
  public static func nearest(
    to word: String,
    among candidates: [String],
    limit: Int = 3
  ) -> [String] {
    let (small, length) = (word.lowercased(), word.count)
    // Names of very different length cannot be near, and need not be compared letter by letter.
    return
      candidates
      .filter { abs($0.count - length) <= max(1, $0.count / 2) && $0 != word }
      .map { (name: $0, distance: distance(small, $0.lowercased())) }
      .filter { $0.distance <= max(1, $0.name.count / 2) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(limit)
      .map(\.name)
  }

  /// The candidate that a word is surely a slip of: at most two edits, and a third of the candidate's length, away.
  ///
  /// - Returns: nil also when the word is a candidate itself.
  public static func slip(_ word: String, of candidates: [String]) -> String? {
    guard !candidates.contains(word) else { return nil }
    return nearest(to: word, among: candidates, limit: 1).first {
      distance(word.lowercased(), $0.lowercased()) <= min(2, $0.count / 3)
    }
  }

  /// Levenshtein distance in characters.
  ///
  /// O(n·m).
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let cost = character == other ? diagonal : diagonal + 1
        diagonal = row[j + 1]
        row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
