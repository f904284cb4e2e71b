import Values
import WorkflowLanguage

/// Merges the parameters that one task sees; later wins, maps merge deeply.
///
/// From the root down to the task: at each level what upstream tasks stored, in order of ids, then, above the task
/// itself, the level's `_export`, its run-time exports and its stores; at last the task's own `_export`.
struct ParameterScope {
  let tree: TaskTree
  /// What the session starts with.
  let session: ObjectValue

  /// The merged parameters of a task, raw: without built-ins and local keys.
  func parameters(of id: TaskID) -> ObjectValue {
    var merged = session
    for level in path(to: id) {
      for upstream in storingUpstreams(of: level) { apply(upstream, to: &merged) }
      guard level != id else { break }
      merged.merge(tree[level].node.export)
      merged.merge(tree[level].exported)
      apply(level, to: &merged)
    }
    merged.merge(tree[id].node.export)
    return merged
  }

  /// What all tasks below a group stored, in order of ids.
  func stores(below group: TaskID) -> ObjectValue {
    var merged = ObjectValue()
    for id in tree[group].storing where id != group { apply(id, to: &merged) }
    return merged
  }

  private func apply(_ id: TaskID, to merged: inout ObjectValue) {
    for path in tree[id].reset { merged.remove(at: path) }
    merged.merge(tree[id].store)
  }

  fileprivate func path(to id: TaskID) -> [TaskID] {
    var path = [id]
    while let parent = tree[path[0]].parent { path.insert(parent, at: 0) }
    return path
  }

  /// The tasks with stores among the upstream siblings of a task and below them: sibling by sibling in order of
  /// ids, each sibling before its descendants.
  private func storingUpstreams(of id: TaskID) -> [TaskID] {
    guard let parent = tree[id].parent, !tree[id].upstreams.isEmpty else { return [] }
    let storing = tree[parent].storing.filter { $0 != parent }
    guard !storing.isEmpty else { return [] }
    let upstreams = tree.upstreamClosure(of: id)
    return
      storing
      .map { (sibling: sibling(of: $0, under: parent), id: $0) }
      .filter { upstreams.contains($0.sibling) }
      .sorted { ($0.sibling, $0.id) < ($1.sibling, $1.id) }
      .map(\.id)
  }

  private func sibling(of id: TaskID, under parent: TaskID) -> TaskID {
    var id = id
    while let above = tree[id].parent, above != parent { id = above }
    return id
  }
}

extension ParameterScope {
  /// The merged `_secrets` from the root down to a task.
  func remounts(of id: TaskID) -> ObjectValue {
    path(to: id).reduce(into: ObjectValue()) { $0.merge(tree[$1].node.secrets) }
  }
}
