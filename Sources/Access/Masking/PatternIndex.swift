/// Finds, at a place in a text, the longest of many byte strings that is there.
///
/// Nearly every place is discarded by one look into 8 KB: a bit for each hash of four bytes with which
/// a pattern begins. (An automaton would take 1 KB for each byte of each pattern.)
struct PatternIndex: Sendable {
  /// Every pattern has as many bytes.
  static let width = 4

  let longest: Int
  /// By their first four bytes, the longest first.
  private let patterns: [UInt32: [[UInt8]]]
  private let filter: [UInt64]
  /// The beginnings of one, two and three bytes, as numbers.
  private let short: Set<UInt32>
  /// For each byte, whether a pattern begins with it.
  private let begins: [Bool]

  init(_ all: Set<[UInt8]>) {
    var patterns: [UInt32: [[UInt8]]] = [:]
    var filter = [UInt64](repeating: 0, count: 1_024)
    var short: Set<UInt32> = []
    var begins = [Bool](repeating: false, count: 256)
    for pattern in all where pattern.count >= Self.width {
      let key = pattern.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
      patterns[key, default: []].append(pattern)
      let slot = Self.slot(key)
      filter[slot >> 6] |= 1 << UInt64(slot & 63)
      begins[Int(pattern[0])] = true
      for count in 1..<Self.width {
        pattern.withUnsafeBytes { bytes in
          _ = short.insert(Self.number(UnsafeRawBufferPointer(rebasing: bytes[..<count])))
        }
      }
    }
    self.patterns = patterns.mapValues { $0.sorted { $0.count > $1.count } }
    self.filter = filter
    self.short = short
    self.begins = begins
    longest = all.map(\.count).max() ?? 0
  }

  var isEmpty: Bool { longest == 0 }

  /// Calls back for each place in `range` where a pattern begins, with the length of the longest one.
  func matches(
    in text: UnsafeRawBufferPointer,
    from range: Range<Int>,
    found: (_ place: Int, _ count: Int) -> Void
  ) {
    filter.withUnsafeBufferPointer { filter in
      let end = min(range.upperBound, text.count - Self.width + 1)
      var place = range.lowerBound
      while place < end {
        let key = text.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        let slot = Self.slot(key)
        if filter[slot >> 6] & (1 << UInt64(slot & 63)) != 0 {
          let count = longestMatch(key, in: text, at: place)
          if count > 0 { found(place, count) }
        }
        place += 1
      }
    }
  }

  /// The first place from which on the rest of the text is the beginning of a pattern, but not a whole one.
  func unfinished(in text: UnsafeRawBufferPointer) -> Int {
    var place = max(0, text.count - longest + 1)
    while place < text.count {
      if begins[Int(text[place])], isUnfinished(UnsafeRawBufferPointer(rebasing: text[place...])) {
        return place
      }
      place += 1
    }
    return place
  }

  private func isUnfinished(_ rest: UnsafeRawBufferPointer) -> Bool {
    guard rest.count >= Self.width else { return short.contains(Self.number(rest)) }
    let key = rest.loadUnaligned(as: UInt32.self)
    let slot = Self.slot(key)
    guard filter[slot >> 6] & (1 << UInt64(slot & 63)) != 0 else { return false }
    return patterns[key]?.contains { $0.count > rest.count && $0.starts(with: rest) } ?? false
  }

  private func longestMatch(_ key: UInt32, in text: UnsafeRawBufferPointer, at place: Int) -> Int {
    let rest = UnsafeRawBufferPointer(rebasing: text[place...])
    for pattern in patterns[key] ?? [] where pattern.count <= rest.count {
      if pattern.withUnsafeBytes({ Self.areEqual($0, rest) }) { return pattern.count }
    }
    return 0
  }

  private static func areEqual(
    _ pattern: UnsafeRawBufferPointer,
    _ text: UnsafeRawBufferPointer
  ) -> Bool {
    pattern.elementsEqual(text.prefix(pattern.count))
  }

  /// At most three bytes and how many they are.
  private static func number(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    bytes.reduce(UInt32(bytes.count)) { $0 << 8 | UInt32($1) }
  }

  @inline(__always)
  private static func slot(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 16) }
}
