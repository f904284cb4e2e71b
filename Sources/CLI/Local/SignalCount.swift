import Synchronization

/// Tells the first of several signals from the others.
final class SignalCount: Sendable {
  private let count = Atomic<Int>(0)

  func isFirst() -> Bool {
    count.add(1, ordering: .relaxed).oldValue == 0
  }
}
