import Synchronization
import WorkflowLanguage

/// The workflows of the archives that were asked for last.
final class WorkflowCache: Sendable {
  private struct State {
    var workflows: [String: [WorkflowDefinition]] = [:]
    /// Hashes, the one that was used last at the end.
    var order: [String] = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) { self.capacity = capacity }

  /// What is known of a hash; otherwise what the closure finds, which is kept when it does not throw.
  func workflows(
    of hash: String,
    _ load: () throws -> [WorkflowDefinition]
  ) throws -> [WorkflowDefinition] {
    let known = state.withLock { state -> [WorkflowDefinition]? in
      guard let known = state.workflows[hash] else { return nil }
      state.order.removeAll { $0 == hash }
      state.order.append(hash)
      return known
    }
    if let known { return known }
    let loaded = try load()
    state.withLock { state in
      state.order.removeAll { $0 == hash }
      state.order.append(hash)
      state.workflows[hash] = loaded
      while state.order.count > capacity { state.workflows[state.order.removeFirst()] = nil }
    }
    return loaded
  }
}
