/// A task that changed and how much of it there is to save.
public struct TaskChange: Sendable {
  /// How much is to be saved.
  public enum Extent: Sendable, Comparable {
    /// Its state, its counts and its times.
    case state
    /// What it left behind as well.
    case outcome
    /// Everything: it is new.
    case new
  }

  public let id: TaskID
  public let extent: Extent

  public init(_ id: TaskID, _ extent: Extent) {
    self.id = id
    self.extent = extent
  }
}

/// The tasks that changed, each once, in the order of their last changes.
struct ChangedTasks: Sendable {
  private var order: [TaskID] = []
  private var last: [TaskID: (position: Int, extent: TaskChange.Extent)] = [:]

  mutating func insert(_ id: TaskID, _ extent: TaskChange.Extent) {
    last[id] = (order.count, max(extent, last[id]?.extent ?? .state))
    order.append(id)
  }

  mutating func insert(_ ids: some Sequence<TaskID>, _ extent: TaskChange.Extent) {
    for id in ids { insert(id, extent) }
  }

  /// Gives the changes and forgets them.
  mutating func drain() -> [TaskChange] {
    defer { self = ChangedTasks() }
    var changes: [TaskChange] = []
    changes.reserveCapacity(last.count)
    for (position, id) in order.enumerated() {
      if let mark = last[id], mark.position == position {
        changes.append(TaskChange(id, mark.extent))
      }
    }
    return changes
  }
}
