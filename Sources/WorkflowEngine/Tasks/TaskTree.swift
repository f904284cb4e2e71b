import Values
public import WorkflowLanguage

/// The tasks of an attempt, as written and as generated.
public struct TaskTree: Sendable {
  /// In order of ids: the entry of id `n` stands at `n - 1`.
  public private(set) var entries: [TaskEntry] = []

  /// Lays out a workflow, its root blocked.
  public init(root: TaskNode) {
    entries.reserveCapacity(root.countOfTasks)
    add(root, under: nil, role: .written)
    for id in ids { self[id].isInLayout = true }
  }

  public subscript(id: TaskID) -> TaskEntry {
    // why not `_read`: the compiler (6.3) releases what it lends once too often where the result is passed on
    get { entries[id - 1] }
    _modify { yield &entries[id - 1] }
  }

  /// All ids, in order.
  public var ids: ClosedRange<TaskID> { Self.rootID...entries.count }

  public static var rootID: TaskID { 1 }
  public var root: TaskEntry { self[Self.rootID] }

  /// Tells the tasks above that something below them was stored.
  mutating func noteStore(of id: TaskID) {
    var above: TaskID? = id
    while let ancestor = above {
      self[ancestor].storing.insertInOrder(id)
      above = self[ancestor].parent
    }
  }

  /// Adds a task and everything written below it; gives the id of the task.
  @discardableResult
  mutating func add(_ node: TaskNode, under parent: TaskID?, role: TaskEntry.Role) -> TaskID {
    let id = entries.count + 1
    var bare = node
    bare.children = []
    entries.append(TaskEntry(id: id, under: parent.map { self[$0] }, role: role, node: bare))
    if let parent { self[parent].children.append(id) }
    guard !node.isDisabled else { return id }
    let below: TaskEntry.Role = role == .written ? .written : .generated
    let children = node.children.map { add($0, under: id, role: below) }
    connect(children, as: node)
    return id
  }

  /// Adds a task as it is, without telling its parent.
  mutating func append(_ entry: TaskEntry) { entries.append(entry) }

  /// Makes one task wait for others.
  mutating func connect(_ id: TaskID, after upstreams: [TaskID]) {
    var known = Set(self[id].upstreams)
    for upstream in upstreams where known.insert(upstream).inserted {
      self[id].upstreams.append(upstream)
      if self[upstream].state != .success { self[id].waitingFor += 1 }
      self[upstream].downstreams.append(id)
    }
  }

  /// Copies the written children of a group for another round; gives the old ones, with those below them.
  mutating func copyWrittenChildren(of group: TaskID) -> [TaskID] {
    let old = self[group].children.filter {
      !self[$0].isSuperseded && self[$0].role != .serviceLevel
    }
    let superseded = supersedeChildren(of: group)
    let nodes = old.filter { self[$0].role != .reaction }.map { rebuilt($0) }
    let role = self[group].role
    let copies = nodes.map { add($0, under: group, role: role == .written ? .written : .generated) }
    connect(copies, as: self[group].node, with: nodes)
    return superseded
  }

  /// Marks everything below a task as belonging to an earlier round; gives what was not marked before.
  mutating func supersedeChildren(of id: TaskID) -> [TaskID] {
    var open = self[id].children.filter { self[$0].role != .serviceLevel }
    var superseded: [TaskID] = []
    while let next = open.popLast() {
      guard !self[next].isSuperseded else { continue }
      self[next].isSuperseded = true
      superseded.append(next)
      open.append(contentsOf: self[next].children)
    }
    return superseded.sorted()
  }

  /// The definition of an entry together with what was written below it.
  private func rebuilt(_ id: TaskID) -> TaskNode {
    var node = self[id].node
    guard node.kind == .group else { return node }
    // A round may have been copied already: each written child counts once, in file order.
    var seen: Set<String> = []
    node.children = self[id].children
      .filter { self[$0].role != .reaction && seen.insert(self[$0].fullName).inserted }
      .map { rebuilt($0) }
    return node
  }

  private mutating func connect(_ children: [TaskID], as group: TaskNode) {
    connect(children, as: group, with: children.map { self[$0].node })
  }

  /// Draws the arrows between siblings as their group orders them.
  private mutating func connect(_ children: [TaskID], as group: TaskNode, with nodes: [TaskNode]) {
    switch group.order {
    case .sequential: connectInSequence(children, nodes)
    case .parallel(let limit): connectInChunks(children, of: limit ?? 0)
    }
    connectNamed(children, nodes)
  }

  private mutating func connectInSequence(_ children: [TaskID], _ nodes: [TaskNode]) {
    var previous: [TaskID] = []
    for (id, node) in zip(children, nodes) {
      if node.isBackground {
        previous.append(id)
      } else {
        connect(id, after: previous)
        previous = [id]
      }
    }
  }

  /// `_parallel: {limit}` is a barrier: each chunk waits for all of the chunk before.
  ///
  /// The new siblings have no arrows yet, so those of a chunk share one list: a limit of a thousand costs no million.
  private mutating func connectInChunks(_ children: [TaskID], of limit: Int) {
    guard limit > 0 else { return }
    var previous: [TaskID] = []
    for start in stride(from: 0, to: children.count, by: limit) {
      let chunk = Array(children[start..<min(start + limit, children.count)])
      for id in previous { self[id].downstreams = chunk }
      let open = previous.count { self[$0].state != .success }
      for id in chunk {
        self[id].upstreams = previous
        self[id].waitingFor += open
      }
      previous = chunk
    }
  }

  private mutating func connectNamed(_ children: [TaskID], _ nodes: [TaskNode]) {
    var ids: [String: TaskID] = [:]
    for (id, node) in zip(children, nodes) {
      connect(id, after: node.after.compactMap { ids[$0] })
      ids[node.name] = id
    }
  }
}

extension [TaskID] {
  /// Keeps the ids in order, each once; they mostly come in order.
  fileprivate mutating func insertInOrder(_ id: TaskID) {
    let position = lastIndex { $0 < id }.map { $0 + 1 } ?? 0
    if position == count || self[position] != id { insert(id, at: position) }
  }
}
