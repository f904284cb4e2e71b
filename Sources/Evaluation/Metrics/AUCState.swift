/// The rows of an AUC seen so far: add rows or whole other states in any order, the value is the same to the last bit.
///
/// Scores are kept as integers that sort like the numbers, one array per class, 8 bytes a row.
public struct AUCState: Sendable {
  private var positives: [UInt64] = []
  private var negatives: [UInt64] = []

  public init() {}

  /// The number of rows.
  public var count: Int { positives.count + negatives.count }

  /// Makes room for that many rows at once.
  public mutating func reserve(positives: Int, of rows: Int) {
    self.positives.reserveCapacity(positives)
    negatives.reserveCapacity(rows - positives)
  }

  /// Adds one row.
  ///
  /// - Throws: ``EvaluationError`` `notFinite`.
  @inline(__always)
  public mutating func add(score: Double, isPositive: Bool) throws(EvaluationError) {
    let key = try Self.key(score)
    if isPositive { positives.append(key) } else { negatives.append(key) }
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

  /// Adds the rows of another state.
  public mutating func merge(_ other: AUCState) {
    positives.append(contentsOf: other.positives)
    negatives.append(contentsOf: other.negatives)
  }

  /// The area; sorts the rows in place, so that a second call is cheap.
  ///
  /// - Throws: ``EvaluationError`` `oneClass`.
  public mutating func value() throws(EvaluationError) -> Double {
    guard !positives.isEmpty, !negatives.isEmpty else { throw Self.oneClass }
    RadixSort.sort(&positives)
    RadixSort.sort(&negatives)
    let pairs = positives.withUnsafeBufferPointer { positives in
      negatives.withUnsafeBufferPointer { Self.halvesWon(positives, $0) }
    }
    return Double(pairs) / (2 * Double(positives.count) * Double(negatives.count))
  }

  /// Twice the number of pairs that the positive wins, a tie counting one.
  private static func halvesWon(
    _ positives: UnsafeBufferPointer<UInt64>,
    _ negatives: UnsafeBufferPointer<UInt64>
  ) -> UInt128 {
    var won: UInt128 = 0
    var below = 0
    var notAbove = 0
    for key in positives {
      while below < negatives.count, negatives[below] < key { below &+= 1 }
      if notAbove < below { notAbove = below }
      while notAbove < negatives.count, negatives[notAbove] == key { notAbove &+= 1 }
      won &+= UInt128(truncatingIfNeeded: below &+ notAbove)
    }
    return won
  }

  static let oneClass = EvaluationError(
    .oneClass,
    "only one class: auc needs rows of both, positive and negative"
  )

  /// An integer that sorts as the number does; -0 equals 0.
  @inline(__always)
  private static func key(_ score: Double) throws(EvaluationError) -> UInt64 {
    guard score.isFinite else {
      throw EvaluationError(.notFinite, "a score must be a finite number, found \(score)")
    }
    let bits = (score + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
