import Testing

@testable import Notebooks

@Suite struct ArithmeticTests {
  @Test(
    arguments: [
      ("60 * 3", 180), ("3 * 60", 180), ("600", 600), ("(1+2)*10", 30), ("-2 * -3", 6),
      ("90/4", 22.5), ("2+3*4", 14), ("10-2-3", 5),
    ] as [(String, Double)]
  )
  func `evaluates what workflows write for seconds`(text: String, value: Double) {
    #expect(Arithmetic.evaluate(text) == value)
  }

  @Test(arguments: [
    "", "60 *", "1/0", "a", "1 2 +", "1 2", "(1", "1)", "0x10", "--", "__import__('os')",
  ])
  func `refuses everything else`(text: String) {
    #expect(Arithmetic.evaluate(text) == nil)
  }

  @Test func `refuses nesting that would exhaust the stack`() {
    #expect(Arithmetic.evaluate(String(repeating: "(", count: 100_000)) == nil)
    #expect(Arithmetic.evaluate(String(repeating: "-", count: 100_000) + "1") == nil)
  }
}
