import Dispatch
import Synchronization

/// Joins a cancelled task with the connection its statement runs on.
final class StatementCancellation: Sendable {
  private struct State {
    var isCancelled = false
    var connection: DuckDBConnection?
  }
  private let state = Mutex(State())

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Interrupts the statement, and whatever else is started on its connection, until that is let go of.
  ///
  /// why: again and again, because the engine forgets an interrupt that comes just before a statement starts.
  func cancel() {
    let isRunning = state.withLock { state in
      state.isCancelled = true
      state.connection?.interrupt()
      return state.connection != nil
    }
    guard isRunning else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { [weak self] in
      self?.cancel()
    }
  }

  /// From now on ``cancel()`` interrupts this connection.
  ///
  /// - Throws: `CancellationError` when the task has been cancelled already.
  func watch(_ connection: DuckDBConnection) throws {
    try state.withLock { state in
      if state.isCancelled { throw CancellationError() }
      state.connection = connection
    }
  }

  func letGo() {
    state.withLock { $0.connection = nil }
  }
}
