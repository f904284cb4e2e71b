public import Values

/// Turns maps of tasks into ``TaskNode`` trees.
public enum TaskCompiler {
  /// Compiles a fragment that is met at run time: a `_do`, an `_else_do`, a `_check`, or what an operator generates.
  ///
  /// - Parameters:
  ///   - fragment: the map of one operator task, of a group, or of `+tasks`.
  ///   - name: the name of the task with its sign, as `^sub` or `+loop-0`.
  ///   - location: where the fragment was written, for messages.
  /// - Throws: ``WorkflowError`` `structure` or `name`, with every problem of the fragment in its message.
  public static func compile(
    _ fragment: Value, name: String, at location: SourceLocation? = nil
  ) throws(WorkflowError) -> TaskNode {
    throw WorkflowError(.structure, "no task can be made of `\(name)` yet", at: location)
  }
}
