/// The rows of an AUC seen so far: add rows or whole other states in any order, the value is the same to the last bit.
///
/// Scores are kept in blocks, one list per class, 8 bytes a row.
public struct AUCState: ~Copyable, Sendable {
  private var positives = ScoreBlocks()
  private var negatives = ScoreBlocks()

  public init() {}

  /// The number of rows.
  public var count: Int { positives.count + negatives.count }

  /// Adds one row.
  ///
  /// - Throws: ``EvaluationError`` `notFinite`.
  @inline(__always)
  public mutating func add(score: Double, isPositive: Bool) throws(EvaluationError) {
    guard score.isFinite else { throw Self.notFinite(score) }
    // -0 becomes 0
    if isPositive { positives.append(score + 0) } else { negatives.append(score + 0) }
  }

  /// Adds many rows; `labels` holds 1 for a positive row and 0 for a negative one.
  ///
  /// - Throws: ``EvaluationError`` `notFinite` or `lengthMismatch`; rows before the bad one are added.
  public mutating func add(
    scores: UnsafeBufferPointer<Double>,
    labels: UnsafeBufferPointer<UInt8>
  ) throws(EvaluationError) {
    guard scores.count == labels.count else {
      throw EvaluationError(
        .lengthMismatch,
        "\(scores.count) scores but \(labels.count) labels"
      )
    }
    for row in 0..<scores.count { try add(score: scores[row], isPositive: labels[row] != 0) }
  }

  /// Adds the rows of another state, without copying them.
  public mutating func merge(_ other: borrowing AUCState) {
    positives.append(other.positives)
    negatives.append(other.negatives)
  }

  /// The area; sorts the rows.
  ///
  /// - Throws: ``EvaluationError`` `oneClass`.
  public mutating func value() throws(EvaluationError) -> Double {
    guard positives.count > 0, negatives.count > 0 else { throw Self.oneClass }
    let pairs = positives.sorted { positives in
      negatives.sorted { Self.halvesWon(positives, $0) }
    }
    return Double(pairs) / (2 * Double(positives.count) * Double(negatives.count))
  }

  /// Twice the number of pairs that the positive wins, a tie counting one.
  private static func halvesWon(
    _ positives: UnsafeBufferPointer<Double>,
    _ negatives: UnsafeBufferPointer<Double>
  ) -> UInt128 {
    var won: UInt128 = 0
    var below = 0
    var notAbove = 0
    for score in positives {
      while below < negatives.count, negatives[below] < score { below &+= 1 }
      if notAbove < below { notAbove = below }
      while notAbove < negatives.count, negatives[notAbove] == score { notAbove &+= 1 }
      won &+= UInt128(truncatingIfNeeded: below &+ notAbove)
    }
    return won
  }

  static let oneClass = EvaluationError(
    .oneClass,
    "only one class: auc needs rows of both, positive and negative"
  )

  private static func notFinite(_ score: Double) -> EvaluationError {
    EvaluationError(.notFinite, "a score must be a finite number, found \(score)")
  }
}
