import Values
import WorkflowEngine
import WorkflowLanguage

/// The tasks that a loop makes of its `_do`: one for each set of exported values.
struct Iterations {
  /// The words that the message of too many iterations begins with, as `loop` in `Too many loop subtasks`.
  let kind: String
  let context: TaskContext

  /// Makes `^sub` with one task for each iteration, in order; `_parallel` of the operator sets how they run.
  ///
  /// - Parameters:
  ///   - count: how many there will be.
  ///   - iteration: the name of one, with its sign, and what it exports.
  /// - Returns: nil when there are none.
  /// - Throws: ``TaskFailure`` `config` beyond the task limit.
  func group(
    count: Int,
    _ iteration: (Int) -> (name: String, export: ObjectValue)
  ) throws -> TaskNode? {
    guard count > 0 else { return nil }
    guard count <= context.taskLimit else { throw tooMany() }
    let first = "^sub" + iteration(0).name
    guard let body = try context.compileTask(under: "_do", name: first) else {
      throw TaskFailure(.config, "Parameter '_do' is required but not set")
    }
    let children = (0..<count).map { position in
      let (name, export) = iteration(position)
      var child = body
      child.name = name
      child.export.merge(export)
      return child
    }
    return TaskNode(
      name: "^sub",
      children: children,
      order: try order(),
      location: context.location
    )
  }

  func tooMany() -> TaskFailure {
    TaskFailure(.config, "Too many \(kind) subtasks. Limit: \(context.taskLimit)")
  }

  private func order() throws(WorkflowError) -> TaskNode.Order {
    let parameters = context.parameters
    if let options = try? parameters.object("_parallel") {  // why: a boolean is as good as a map
      let limit = try Parameters(options).int("limit") ?? 0
      return .parallel(limit: limit > 0 ? Int(limit) : nil)
    }
    return try parameters.bool("_parallel") ? .parallel(limit: nil) : .sequential
  }
}
