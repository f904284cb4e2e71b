public import Values

/// Turns maps of tasks into ``TaskNode`` trees.
public enum TaskCompiler {
  /// Compiles a fragment that is met at run time: a `_do`, an `_else_do`, a `_check`, or what an operator generates.
  ///
  /// - Parameters:
  ///   - fragment: the map of one operator task, of a group, or of `+tasks`.
  ///   - name: the name of the task with its sign, as `^sub` or `+loop-0`; not checked, the engine makes it.
  ///   - parent: the full name of the task it will stand under, for messages.
  ///   - location: where the fragment was written, for messages.
  ///   - places: where its keys were written, as ``TaskNode/locations(under:)`` hands them out.
  /// - Returns: one operator task or one group, named `name`.
  /// - Throws: ``WorkflowError`` `structure` or `name`, with every problem of the fragment in its message.
  public static func compile(
    _ fragment: Value,
    name: String,
    under parent: String = "",
    at location: SourceLocation? = nil,
    places: [String: SourceLocation] = [:]
  ) throws(WorkflowError) -> TaskNode {
    var tree = TaskTree()
    let body = YAMLNode(fragment, at: location, places: places)
    let task = tree.task(name, body, under: parent, at: location)
    if let problem = WorkflowError.joining(tree.problems) { throw problem }
    return task
  }
}

extension TaskNode {
  /// The places of the keys inside of a local key that is compiled later, such as `_do`, by their paths joined by `/`.
  public func locations(under key: String) -> [String: SourceLocation] {
    let prefix = key + "/"
    var places: [String: SourceLocation] = [:]
    for (path, place) in keyLocations where path.hasPrefix(prefix) {
      places[String(path.dropFirst(prefix.count))] = place
    }
    return places
  }
}

extension WorkflowError {
  /// One error that tells all problems: the first with its place, the others in its message; nil for none.
  static func joining(_ problems: [WorkflowError]) -> WorkflowError? {
    guard let first = problems.first else { return nil }
    let others = problems.dropFirst().prefix(9).map { problem in
      (problem.location == first.location ? "" : problem.location.map { "\($0): " } ?? "")
        + problem.message
    }
    let unsaid = problems.count - 1 - others.count
    let more = unsaid > 0 ? ["\(unsaid) more problems"] : []
    return WorkflowError(
      first.code,
      ([first.message] + others + more).joined(separator: "; "),
      at: first.location,
      hint: first.hint,
      cause: first.cause
    )
  }
}
