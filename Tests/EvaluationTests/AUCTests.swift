import Evaluation
import Testing

@Suite struct AUCTests {
  // The example in scikit-learn's documentation of roc_auc_score.
  @Test func `counts the pairs that are in order`() throws {
    #expect(
      try AUC.value(scores: [0.1, 0.4, 0.35, 0.8], labels: [false, false, true, true]) == 0.75
    )
  }

  @Test func `counts a tie as half a pair`() throws {
    #expect(try AUC.value(scores: [1, 1, 2], labels: [false, true, true]) == 0.75)
    #expect(try AUC.value(scores: [3, 3, 3, 3], labels: [false, true, true, false]) == 0.5)
    #expect(try AUC.value(scores: [0.0, -0.0], labels: [true, false]) == 0.5)
  }

  @Test func `orders negative scores and very large ones`() throws {
    let scores = [-1e300, -2.5, -1e-300, 0, 1e-300, 7, 1e300]
    let labels = [false, false, false, true, true, true, true]
    #expect(try AUC.value(scores: scores, labels: labels) == 1)
    #expect(try AUC.value(scores: scores.map { -$0 }, labels: labels) == 0)
  }

  /// Knuth's linear congruential numbers, the upper 31 bits; the reference values were made of the same ones.
  private static func numbers(_ count: Int) -> [UInt64] {
    var state: UInt64 = 42
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
  private static let sample: (scores: [Double], labels: [Bool], weights: [Double], wide: [Double]) =
    {
      let numbers = AUCTests.numbers(20000)
      let even = stride(from: 0, to: 20000, by: 2).map { numbers[$0] }
      let odd = stride(from: 1, to: 20000, by: 2).map { numbers[$0] }
      let scores = even.map { Double($0 % 1000) / 1000 }
      let labels = zip(odd, scores).map { Double($0 % 1000) / 1000 < $1 * 0.5 + 0.25 }
      return (
        scores, labels, even.map { Double($0 % 7 + 1) },
        even.map { (Double($0) - 1_073_741_824) / 1e9 }
      )
    }()

  // roc_auc_score of scikit-learn 1.9.1; it adds in floats, hence the tolerance of some units in the last place.
  @Test func `equals scikit-learn on ten thousand rows with many ties`() throws {
    let sample = Self.sample
    #expect(sample.labels.count { $0 } == 5039)
    #expect(
      try abs(AUC.value(scores: sample.scores, labels: sample.labels) - 0.6644935877898811) < 1e-15
    )
    #expect(
      try abs(AUC.value(scores: sample.wide, labels: sample.labels) - 0.5004550076826675) < 1e-15
    )
  }

  @Test func `equals scikit-learn with weights`() throws {
    let sample = Self.sample
    let area = try AUC.value(scores: sample.scores, labels: sample.labels, weights: sample.weights)
    #expect(abs(area - 0.6649713712187636) < 1e-13)
  }

  @Test func `gives the same bits however the rows are split and ordered`() throws {
    let sample = Self.sample
    let whole = try AUC.value(scores: sample.scores, labels: sample.labels)
    var merged = AUCState()
    for start in (0..<7).reversed() {
      var part = AUCState()
      for row in stride(from: start, to: 10000, by: 7) {
        try part.add(score: sample.scores[row], isPositive: sample.labels[row])
      }
      merged.merge(part)
    }
    #expect(merged.count == 10000)
    #expect(try merged.value() == whole)
    #expect(try merged.value() == whole)
  }

  @Test func `rows that come after a state was merged are its own`() throws {
    var early = AUCState()
    try early.add(score: 0.25, isPositive: true)
    try early.add(score: 0.5, isPositive: false)
    var merged = AUCState()
    merged.merge(early)
    try early.add(score: 0.75, isPositive: true)
    #expect(try merged.value() == 0)
    #expect(try early.value() == 0.5)
    try merged.add(score: 0.125, isPositive: true)
    #expect(try early.value() == 0.5)
    #expect(early.count == 3 && merged.count == 3)
  }

  @Test func `takes rows from buffers`() throws {
    var state = AUCState()
    try [0.1, 0.4, 0.35, 0.8].withUnsafeBufferPointer { scores in
      try [0, 0, 1, 1].withUnsafeBufferPointer { try state.add(scores: scores, labels: $0) }
    }
    #expect(try state.value() == 0.75)
  }

  @Test(
    arguments: [
      ([0.1, 0.2], [true, true], [1, 1], .oneClass), ([], [], [], .oneClass),
      ([.nan, 0.2], [true, false], [1, 1], .notFinite),
      ([.infinity, 0.2], [true, false], [1, 1], .notFinite),
      ([0.1], [true, false], [1], .lengthMismatch),
      ([0.1, 0.2], [true, false], [-1, 1], .badWeight),
      ([0.1, 0.2], [true, false], [0, 1], .badWeight),
    ] as [([Double], [Bool], [Double], EvaluationError.Code)]
  )
  func `refuses what has no area`(
    scores: [Double],
    labels: [Bool],
    weights: [Double],
    code: EvaluationError.Code
  ) {
    if code != .badWeight {
      #expect { try AUC.value(scores: scores, labels: labels) } throws: {
        ($0 as? EvaluationError)?.code == code
      }
    }
    #expect { try AUC.value(scores: scores, labels: labels, weights: weights) } throws: {
      ($0 as? EvaluationError)?.code == code
    }
  }
}
