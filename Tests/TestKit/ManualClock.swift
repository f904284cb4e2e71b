import Synchronization

/// Time that goes by only when a test says so.
public final class ManualClock: Sendable {
  private struct State {
    var now = 0.0
    var next = 0
    var sleepers: [Int: (until: Double, wake: CheckedContinuation<Void, any Error>)] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  /// Seconds since the start.
  public var now: Double { state.withLock { $0.now } }
  /// How many wait for time to go by.
  public var sleepers: Int { state.withLock { $0.sleepers.count } }

  /// Waits until so much time has gone by; throws when it is cancelled.
  public func pause(_ time: Duration) async throws {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOver = state.withLock { state in
          // why: a task that is cancelled already gets no second call of the handler
          if Task.isCancelled { return true }
          state.sleepers[number] = (state.now + time / .seconds(1), continuation)
          return false
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: number) }?.wake
        .resume(throwing: CancellationError())
    }
  }

  /// Lets time go by and wakes those whose time has come.
  public func advance(by time: Duration) {
    let due = state.withLock { state in
      state.now += time / .seconds(1)
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.sorted { $0.until < $1.until }
    }
    for sleeper in due { sleeper.wake.resume() }
  }
}
