import Synchronization

/// Numbers for queries: each greater than all before, also across runs, as they begin at the time in milliseconds.
final class JobNumbers: Sendable {
  private let last: Atomic<Int64>

  init(after number: Int64) { last = Atomic(number) }

  func next() -> Int64 { last.add(1, ordering: .relaxed).newValue }
}
