/// The shortest way from one list of lines to another.
///
/// Source: E. Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1 (1986), the greedy algorithm of
/// figure 2. Time is lines × differences. Beyond `mostDifferences` the part that differs is taken as replaced as a whole.
struct LineDiff {
  enum Step: Equatable {
    /// The line is on both sides.
    case keep
    /// The next line of the old side is gone.
    case remove
    /// The next line of the new side is new.
    case add
  }

  static let mostDifferences = 1_000

  private let old: [Int]
  private let new: [Int]

  /// Numbers equal lines alike, since comparing numbers is cheap.
  init(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) {
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    let number = { (line: ArraySlice<UInt8>) -> Int in
      if let known = numbers[line] { return known }
      numbers[line] = numbers.count
      return numbers.count - 1
    }
    self.old = old.map(number)
    self.new = new.map(number)
  }

  /// One step for each line of either side, in order; where both are possible, removing comes first.
  func steps() -> [Step] {
    let start = zip(old, new).prefix { $0 == $1 }.count
    let end = zip(old.dropFirst(start).reversed(), new.dropFirst(start).reversed())
      .prefix { $0 == $1 }.count
    let middle = Self.shortest(
      Array(old[start..<(old.count - end)]),
      Array(new[start..<(new.count - end)])
    )
    return Array(repeating: .keep, count: start) + middle + Array(repeating: .keep, count: end)
  }

  private static func shortest(_ old: [Int], _ new: [Int]) -> [Step] {
    let replaced =
      Array(repeating: Step.remove, count: old.count) + Array(repeating: .add, count: new.count)
    guard !old.isEmpty, !new.isEmpty else { return replaced }
    // `reach[k + offset]` is how far on the old side the diagonal k gets; diagonal = old place − new place.
    let limit = min(mostDifferences, old.count + new.count)
    let offset = limit + 1
    var reach = Array(repeating: 0, count: 2 * offset + 1)
    var history: [ArraySlice<Int>] = []
    for differences in 0...limit {
      history.append(reach[(offset - differences - 1)...(offset + differences + 1)])
      for diagonal in stride(from: -differences, through: differences, by: 2) {
        let place = diagonal + offset
        let isDown =
          diagonal == -differences
          || (diagonal != differences && reach[place - 1] < reach[place + 1])
        var x = isDown ? reach[place + 1] : reach[place - 1] + 1
        while x < old.count, x - diagonal < new.count, x - diagonal >= 0,
          old[x] == new[x - diagonal]
        {
          x += 1
        }
        reach[place] = x
        if x >= old.count, x - diagonal >= new.count {
          return walkBack(history, offset: offset, old.count, new.count)
        }
      }
    }
    return replaced
  }

  /// Finds the steps from the end to the beginning, by what was reached with one difference less.
  private static func walkBack(
    _ history: [ArraySlice<Int>],
    offset: Int,
    _ oldCount: Int,
    _ newCount: Int
  ) -> [Step] {
    var steps: [Step] = []
    var (x, y) = (oldCount, newCount)
    for differences in stride(from: history.count - 1, through: 1, by: -1) {
      let reach = history[differences]
      let diagonal = x - y
      let place = diagonal + offset
      let isDown =
        diagonal == -differences
        || (diagonal != differences && reach[place - 1] < reach[place + 1])
      let startX = isDown ? reach[place + 1] : reach[place - 1] + 1
      steps += Array(repeating: .keep, count: x - startX)
      steps.append(isDown ? .add : .remove)
      (x, y) = isDown ? (startX, startX - diagonal - 1) : (startX - 1, startX - diagonal)
    }
    steps += Array(repeating: .keep, count: x)
    return steps.reversed()
  }
}
