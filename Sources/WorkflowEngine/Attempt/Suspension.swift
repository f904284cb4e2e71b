import Synchronization

/// Whether a runner is to leave its attempt unfinished, for another runner to go on with.
final class Suspension: Sendable {
  enum Stage: Sendable, Hashable, Comparable {
    case none
    /// Nothing is started any more; what runs may end.
    case afterTasks
    /// What runs is cancelled too, and runs again with the next runner.
    case now
  }

  private let state = Mutex(Stage.none)

  var stage: Stage { state.withLock { $0 } }

  /// A stage is never taken back.
  func ask(for stage: Stage) {
    state.withLock { $0 = max($0, stage) }
  }
}
