/// Area under the ROC curve of a binary classifier.
///
/// The share of pairs of one positive and one negative row in which the positive scores higher; a tie counts half
/// (the trapezoid rule). Exact: pairs are counted in integers. Source: J. A. Hanley, B. J. McNeil, "The meaning and
/// use of the area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982), equation 1.
public enum AUC {
  /// The area of scores and their labels, in any order.
  ///
  /// O(n), 8 bytes a row beside the arguments, and as much again for the larger class while it is sorted.
  ///
  /// - Parameters:
  ///   - scores: finite, the higher the more positive; any range.
  ///   - labels: true for a positive row; as many as scores.
  /// - Returns: 0 to 1; 0.5 for scores that say nothing.
  /// - Throws: ``EvaluationError`` `oneClass`, `notFinite` or `lengthMismatch`.
  public static func value(scores: [Double], labels: [Bool]) throws(EvaluationError) -> Double {
    try check(scores.count, labels.count, "labels")
    var state = AUCState()
    for row in scores.indices { try state.add(score: scores[row], isPositive: labels[row]) }
    return try state.value()
  }

  /// The area with a weight for each row.
  ///
  /// O(n log n).
  ///
  /// - Parameters:
  ///   - scores: finite, the higher the more positive; any range.
  ///   - labels: true for a positive row; as many as scores.
  ///   - weights: finite, 0 or more, as many as scores; each class needs one above 0.
  /// - Returns: 0 to 1.
  /// - Throws: ``EvaluationError`` by any of its codes.
  public static func value(
    scores: [Double],
    labels: [Bool],
    weights: [Double]
  ) throws(EvaluationError) -> Double {
    try check(scores.count, labels.count, "labels")
    try check(scores.count, weights.count, "weights")
    for row in scores.indices {
      guard scores[row].isFinite, weights[row].isFinite else {
        throw EvaluationError(.notFinite, "scores and weights must be finite, row \(row) is not")
      }
      guard weights[row] >= 0 else {
        throw EvaluationError(.badWeight, "a weight must be 0 or more, found \(weights[row])")
      }
    }
    guard labels.contains(true), labels.contains(false) else { throw AUCState.oneClass }
    var area = 0.0
    var below = 0.0
    var total = 0.0
    var tied = (positive: 0.0, negative: 0.0)
    var last: Double?
    for row in scores.indices.sorted(by: { scores[$0] < scores[$1] }) {
      if scores[row] != last {
        area += tied.positive * (below + tied.negative / 2)
        below += tied.negative
        tied = (0, 0)
        last = scores[row]
      }
      if labels[row] {
        tied.positive += weights[row]
        total += weights[row]
      } else {
        tied.negative += weights[row]
      }
    }
    area += tied.positive * (below + tied.negative / 2)
    below += tied.negative
    guard total > 0, below > 0 else {
      throw EvaluationError(.badWeight, "the weights of one class add up to 0")
    }
    return area / (total * below)
  }

  private static func check(
    _ scores: Int,
    _ others: Int,
    _ what: String
  ) throws(EvaluationError) {
    guard scores == others else {
      throw EvaluationError(.lengthMismatch, "\(scores) scores but \(others) \(what)")
    }
  }
}
