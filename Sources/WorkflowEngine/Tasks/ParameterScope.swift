import Values
import WorkflowLanguage

/// Merges the parameters that each task sees; later wins, maps merge deeply.
///
/// From the root down to the task: at each level what upstream tasks stored, in order of ids, then, above the task
/// itself, the level's `_export`, its run-time exports and its stores; at last the task's own `_export`.
///
/// What the last child of a group saw is kept: the next one adds the stores of the one before, so that a chain of n
/// tasks that store something costs n merges and not n². What is kept stays right, because a task is asked for when
/// everything above and before it is at rest.
struct ParameterScope {
  /// What the children of one task see.
  private struct Frontier {
    /// Which run of the parent it belongs to: an operator that runs again exports anew.
    let round: Int
    /// Before any sibling stored something.
    let start: ObjectValue
    /// The upstream tasks that `merged` has the stores of, with everything before them.
    var upstreams: [TaskID] = []
    var merged: ObjectValue
  }

  /// What the session starts with.
  let session: ObjectValue
  private var frontiers: [TaskID: Frontier] = [:]

  init(session: ObjectValue) { self.session = session }

  /// The merged parameters of a task, raw: without built-ins and local keys.
  mutating func parameters(of id: TaskID, in tree: TaskTree) -> ObjectValue {
    var merged = session
    let path = tree.path(to: id)
    for (parent, level) in zip(path, path.dropFirst()) {
      enter(parent, with: merged, in: tree)
      advance(parent, to: tree[level].upstreams, in: tree)
      merged = frontiers[parent]?.merged ?? merged
    }
    merged.merge(tree[id].node.export)
    return merged
  }

  /// Lets go of what the children of a task would see.
  mutating func forget(_ id: TaskID) { frontiers[id] = nil }

  private mutating func enter(_ parent: TaskID, with above: ObjectValue, in tree: TaskTree) {
    guard frontiers[parent]?.round != tree[parent].retryCount else { return }
    var start = above
    start.merge(tree[parent].node.export)
    start.merge(tree[parent].exported)
    tree.applyStore(of: parent, to: &start)
    frontiers[parent] = Frontier(round: tree[parent].retryCount, start: start, merged: start)
  }

  /// Brings the frontier of a task to where a child with these upstream siblings stands.
  private mutating func advance(_ parent: TaskID, to upstreams: [TaskID], in tree: TaskTree) {
    guard var frontier = frontiers.removeValue(forKey: parent) else { return }
    defer { frontiers[parent] = frontier }
    // why: siblings that all wait for the same ones form a step; steps behind one another need no closure
    var steps: [[TaskID]] = []
    var next = upstreams
    while next != frontier.upstreams, let first = next.first {
      let before = tree[first].upstreams
      guard next.allSatisfy({ tree[$0].upstreams == before }) else {
        steps.append(tree.upstreamClosure(of: next).sorted())
        next = []
        break
      }
      steps.append(next.sorted())
      next = before
    }
    if next.isEmpty { frontier.merged = frontier.start }
    for id in steps.reversed().joined() { tree.applyStores(from: id, to: &frontier.merged) }
    frontier.upstreams = upstreams
  }
}

extension TaskTree {
  /// The ids from the root down to a task.
  func path(to id: TaskID) -> [TaskID] {
    var path = [id]
    var level = id
    while let parent = self[level].parent {
      path.append(parent)
      level = parent
    }
    return path.reversed()
  }

  /// Some siblings and those that they wait for, directly or by way of others.
  func upstreamClosure(of siblings: [TaskID]) -> Set<TaskID> {
    var found: Set<TaskID> = []
    var open = siblings
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open.append(contentsOf: self[next].upstreams)
    }
    return found
  }

  /// What all tasks below a group stored, in order of ids.
  func stores(below group: TaskID) -> ObjectValue {
    var merged = ObjectValue()
    for id in self[group].storing where id != group { applyStore(of: id, to: &merged) }
    return merged
  }

  /// The merged `_secrets` from the root down to a task.
  func remounts(of id: TaskID) -> ObjectValue {
    path(to: id).reduce(into: ObjectValue()) { $0.merge(self[$1].node.secrets) }
  }

  /// What a task stored, then what those below it stored, in order of ids.
  fileprivate func applyStores(from id: TaskID, to merged: inout ObjectValue) {
    for storing in self[id].storing { applyStore(of: storing, to: &merged) }
  }

  fileprivate func applyStore(of id: TaskID, to merged: inout ObjectValue) {
    for path in self[id].reset { merged.remove(at: path) }
    merged.merge(self[id].store)
  }
}
