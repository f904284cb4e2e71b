/// Numbers that come one by one, in blocks that grow with their number and are never moved.
///
/// Joining another list shares its blocks. The other may go on to append: it writes behind what is shared.
struct ScoreBlocks: ~Copyable, Sendable {
  private static let largestBlock = 1 << 16

  private var blocks: [(block: ScoreBlock, count: Int)] = []
  private var closedCount = 0
  private var tail: ScoreBlock
  private var used = 0

  init() { tail = .empty }

  var count: Int { closedCount + used }

  @inline(__always)
  mutating func append(_ number: Double) {
    if used == tail.capacity { grow() }
    tail.numbers[used] = number
    used &+= 1
  }

  mutating func append(_ other: borrowing ScoreBlocks) {
    close()
    blocks += other.blocks
    if other.used > 0 { blocks.append((other.tail, other.used)) }
    closedCount += other.count
  }

  /// Puts all into one block, sorted, and gives it to `body`.
  mutating func sorted<Result>(_ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
    close()
    let count = closedCount
    let whole = ScoreBlock(capacity: count)
    let parts = blocks.map { UnsafeBufferPointer(start: $0.block.numbers, count: $0.count) }
    withExtendedLifetime(blocks) { ScoreSort.sort(parts, into: whole.numbers) }
    blocks = [(whole, count)]
    return body(UnsafeBufferPointer(start: whole.numbers, count: count))
  }

  private mutating func close() {
    if used > 0 { blocks.append((tail, used)) }
    closedCount += used
    tail = .empty
    used = 0
  }

  private mutating func grow() {
    close()
    tail = ScoreBlock(capacity: min(Self.largestBlock, max(8, closedCount)))
  }
}

/// Room for numbers.
///
/// why: unchecked, because each place is written once, before any other list can know of it.
private final class ScoreBlock: @unchecked Sendable {  // why: see above
  static let empty = ScoreBlock(capacity: 0)

  let numbers: UnsafeMutablePointer<Double>
  let capacity: Int

  init(capacity: Int) {
    numbers = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { numbers.deallocate() }
}
