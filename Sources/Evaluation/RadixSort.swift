/// Sorts 64-bit keys ascending in linear time: least digit first, eleven bits at a time.
///
/// Digits that all keys share are skipped, so that scores made from 32-bit floats take four passes instead of six.
/// Needs a second buffer of the same size while it runs.
enum RadixSort {
  private static let bits = 11
  private static let buckets = 1 << 11
  private static let digits = 6

  static func sort(_ keys: inout [UInt64]) {
    guard keys.count > 512 else {
      keys.sort()
      return
    }
    let count = keys.count
    var counts = [Int](repeating: 0, count: buckets * digits)
    let scratch = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    defer { scratch.deallocate() }
    keys.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      counts.withUnsafeMutableBufferPointer { counts in
        guard let counts = counts.baseAddress else { return }
        tally(base, count, counts)
        var source = base
        var target = scratch
        for digit in 0..<digits {
          let tallies = counts + digit * buckets
          let shift = UInt64(digit * bits)
          guard tallies[index(source[0], shift)] != count else { continue }
          var start = 0
          for bucket in 0..<buckets {
            let size = tallies[bucket]
            tallies[bucket] = start
            start &+= size
          }
          for position in 0..<count {
            let key = source[position]
            let bucket = index(key, shift)
            target[tallies[bucket]] = key
            tallies[bucket] &+= 1
          }
          swap(&source, &target)
        }
        if source != base { base.update(from: source, count: count) }
      }
    }
  }

  @inline(__always)
  private static func index(_ key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key &>> shift) & (buckets - 1)
  }

  private static func tally(
    _ keys: UnsafeMutablePointer<UInt64>,
    _ count: Int,
    _ counts: UnsafeMutablePointer<Int>
  ) {
    for position in 0..<count {
      let key = keys[position]
      for digit in 0..<digits {
        counts[digit * buckets + index(key, UInt64(digit * bits))] &+= 1
      }
    }
  }
}
