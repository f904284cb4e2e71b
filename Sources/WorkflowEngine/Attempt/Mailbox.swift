import Synchronization

/// Events on their way to the one who holds the state machine; whoever waits gets all that came meanwhile.
final class Mailbox: Sendable {
  private struct State {
    var events: [AttemptStateMachine.Event] = []
    var waiter: CheckedContinuation<[AttemptStateMachine.Event], Never>?
  }

  private let state = Mutex(State())

  func post(_ event: AttemptStateMachine.Event) {
    let waiter = state.withLock { state in
      let waiter = state.waiter
      state.waiter = nil
      if waiter == nil { state.events.append(event) }
      return waiter
    }
    waiter?.resume(returning: [event])
  }

  /// Waits for the next events; one reader at a time.
  func next() async -> [AttemptStateMachine.Event] {
    await withCheckedContinuation { continuation in
      let events = state.withLock { state in
        if state.events.isEmpty {
          state.waiter = continuation
          return [AttemptStateMachine.Event]()
        }
        defer { state.events = [] }
        return state.events
      }
      if !events.isEmpty { continuation.resume(returning: events) }
    }
  }
}
