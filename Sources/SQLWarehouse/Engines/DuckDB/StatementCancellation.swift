import Synchronization

/// Joins a cancelled task with the connection its statement runs on.
final class StatementCancellation: Sendable {
  private struct State {
    var isCancelled = false
    var connection: DuckDBConnection?
  }
  private let state = Mutex(State())

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.connection?.interrupt()
    }
  }

  /// From now on ``cancel()`` interrupts this connection; nil lets go of it.
  func watch(_ connection: DuckDBConnection?) {
    state.withLock { $0.connection = connection }
  }
}
