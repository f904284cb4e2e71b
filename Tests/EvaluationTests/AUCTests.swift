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
  }
}
