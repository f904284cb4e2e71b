/// Sorts finite numbers ascending, in linear time for any distribution that measured scores have.
///
/// The range is cut into equal bins, the numbers are dealt into them, and each bin is sorted likewise; the third level
/// and those below cut the bit patterns instead of the values, so that no distribution needs more than eight levels.
/// Dealing twice is enough for evenly spread numbers, where a radix sort of the bit patterns takes six passes.
enum ScoreSort {
  private typealias Numbers = UnsafeMutablePointer<Double>

  private static let fewNumbers = 24
  private static let valueLevels = 2
  private static let mostBins = 1 << 11

  /// Puts the numbers of all parts into one place, sorted.
  ///
  /// - Parameters:
  ///   - parts: finite numbers without -0.
  ///   - target: room for all of them, nothing in it yet.
  static func sort(
    _ parts: [UnsafeBufferPointer<Double>],
    into target: UnsafeMutablePointer<Double>
  ) {
    let count = parts.reduce(0) { $0 + $1.count }
    guard count > fewNumbers, let range = range(of: parts), range.low < range.high else {
      return gather(parts, target)
    }
    let scale = Double(mostBins - 1) / (range.high - range.low)
    guard scale.isNormal else {
      gather(parts, target)
      return withScratch(count) { sort(target, $0, count, keep: true, level: valueLevels) }
    }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: mostBins) { ends in
      guard let ends = ends.baseAddress else { return }
      ends.initialize(repeating: 0, count: mostBins)
      for part in parts {
        for number in part { ends[Int((number - range.low) * scale)] &+= 1 }
      }
      let largest = startsFromSizes(ends, mostBins)
      for part in parts {
        for number in part {
          let bin = Int((number - range.low) * scale)
          target[ends[bin]] = number
          ends[bin] &+= 1
        }
      }
      withScratch(largest) { scratch in
        var start = 0
        for bin in 0..<mostBins {
          sort(target + start, scratch, ends[bin] - start, keep: true, level: 1)
          start = ends[bin]
        }
      }
    }
  }

  private static func range(of parts: [UnsafeBufferPointer<Double>]) -> (low: Double, high: Double)?
  {
    guard var low = parts.first(where: { !$0.isEmpty })?.first else { return nil }
    var high = low
    for part in parts {
      for number in part {
        low = min(low, number)
        high = max(high, number)
      }
    }
    return (low, high)
  }

  private static func gather(_ parts: [UnsafeBufferPointer<Double>], _ target: Numbers) {
    var end = target
    for part in parts {
      guard let first = part.baseAddress else { continue }
      end.update(from: first, count: part.count)
      end += part.count
    }
    let count = end - target
    if count <= fewNumbers { insert(target, count) }
  }

  private static func withScratch(_ count: Int, _ body: (Numbers) -> Void) {
    let scratch = Numbers.allocate(capacity: count)
    defer { scratch.deallocate() }
    body(scratch)
  }

  /// Turns the sizes of bins into the places where they start, and gives the largest size.
  @inline(__always)
  private static func startsFromSizes(_ ends: UnsafeMutablePointer<Int>, _ bins: Int) -> Int {
    var start = 0
    var largest = 0
    for bin in 0..<bins {
      let size = ends[bin]
      largest = max(largest, size)
      ends[bin] = start
      start &+= size
    }
    return largest
  }

  /// Leaves the result in `source` (`keep`) or in `other`.
  private static func sort(
    _ source: Numbers,
    _ other: Numbers,
    _ count: Int,
    keep: Bool,
    level: Int
  ) {
    guard count > fewNumbers else {
      insert(source, count)
      if !keep { other.update(from: source, count: count) }
      return
    }
    var low = source[0]
    var high = low
    for position in 1..<count {
      low = min(low, source[position])
      high = max(high, source[position])
    }
    guard low < high else {
      if !keep { other.update(from: source, count: count) }
      return
    }
    // as many bins as numbers, up to what the caches take as open ends of writing
    let bits = min(11, Int.bitWidth - count.leadingZeroBitCount)
    let scale = Double((1 << bits) - 1) / (high - low)
    if level < valueLevels, scale.isNormal {
      deal(source, other, count, bins: 1 << bits, keep, level) {
        Int(($0 - low) * scale)
      }
    } else {
      let first = key(low)
      let width = UInt64.bitWidth - (key(high) - first).leadingZeroBitCount
      let shift = UInt64(max(0, width - bits))
      deal(source, other, count, bins: 1 << bits, keep, level) {
        Int(truncatingIfNeeded: (key($0) &- first) &>> shift)
      }
    }
  }

  /// Deals the numbers of `source` into bins in `other`, and sorts each.
  @inline(__always)
  private static func deal(
    _ source: Numbers,
    _ other: Numbers,
    _ count: Int,
    bins: Int,
    _ keep: Bool,
    _ level: Int,
    _ bin: (Double) -> Int
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: bins) { ends in
      guard let ends = ends.baseAddress else { return }
      ends.initialize(repeating: 0, count: bins)
      for position in 0..<count { ends[bin(source[position])] &+= 1 }
      let largest = startsFromSizes(ends, bins)
      for position in 0..<count {
        let number = source[position]
        let index = bin(number)
        other[ends[index]] = number
        ends[index] &+= 1
      }
      if largest <= fewNumbers {
        insert(other, count)
        if keep { source.update(from: other, count: count) }
        return
      }
      var start = 0
      for index in 0..<bins {
        let end = ends[index]
        if end > start {
          sort(other + start, source + start, end - start, keep: !keep, level: level + 1)
        }
        start = end
      }
    }
  }

  /// Sorts numbers that are few, or near their places.
  private static func insert(_ numbers: Numbers, _ count: Int) {
    guard count > 1 else { return }
    for position in 1..<count {
      let number = numbers[position]
      var place = position
      while place > 0, numbers[place - 1] > number {
        numbers[place] = numbers[place - 1]
        place &-= 1
      }
      numbers[place] = number
    }
  }

  /// An integer that sorts as the number does.
  @inline(__always)
  private static func key(_ number: Double) -> UInt64 {
    let bits = number.bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
