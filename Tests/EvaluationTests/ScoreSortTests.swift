import Testing

@testable import Evaluation

/// The reference is the standard library's sort.
@Suite struct ScoreSortTests {
  private static let shapes: [(String, @Sendable (Double) -> Double)] = [
    ("even", { $0 }),
    ("near both ends", { 1 / (1 + (-40 * ($0 - 0.5)).exponential) }),
    ("of every magnitude", { ($0 < 0.5 ? -1 : 1) * ($0 * 600 - 300).exponential }),
    ("few and many of them", { ($0 * 7).rounded(.down) }),
    ("close together far from zero", { 1e15 + ($0 * 100_000).rounded() / 8 }),
    ("too small to be normal", { $0 * .leastNormalMagnitude / 8 }),
    ("of the full range", { ($0 - 0.5) * 2 * .greatestFiniteMagnitude }),
    ("equal but one", { $0 > 0.9999 ? 1e300 : 3 }),
    ("around zero", { ($0 - 0.5) + 0 }),
  ]

  @Test(arguments: [0, 1, 2, 24, 25, 1000, 100_000])
  func `sorts numbers of all shapes`(count: Int) {
    var state: UInt64 = 7
    let uniform = (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53 as UInt64)
    }
    for (name, shape) in Self.shapes {
      let numbers = uniform.map(shape)
      #expect(Self.sorted(numbers) == numbers.sorted(), "numbers \(name)")
      #expect(Self.sorted(numbers.sorted(by: >)) == numbers.sorted(), "numbers \(name), downwards")
    }
  }

  private static func sorted(_ numbers: [Double]) -> [Double] {
    var blocks = ScoreBlocks()
    for number in numbers { blocks.append(number) }
    return blocks.sorted { Array($0) }
  }
}

extension Double {
  /// 2 to the power of this number, roughly; the tests need its spread only.
  fileprivate var exponential: Double {
    let whole = rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + (self - whole))
  }
}
