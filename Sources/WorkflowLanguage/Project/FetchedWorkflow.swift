import Values

extension ProjectLoader {
  /// Compiles the text of a workflow that is no file of the project, for `http_call>`.
  ///
  /// - Parameters:
  ///   - text: YAML or JSON, written as a workflow file; `!include` is refused.
  ///   - address: where it comes from, for messages.
  ///   - name: the name for the group, with its sign.
  /// - Returns: the tasks as a group; time zone, schedule and sla are ignored.
  /// - Throws: ``WorkflowError`` with everything that is wrong with the text.
  public static func compileFetched(
    text: String,
    from address: String,
    name: String = "^sub"
  ) throws(WorkflowError) -> TaskNode {
    try YAMLText.check(text, file: address)
    let (root, problems) = YAMLDocument.compose(text: text, file: address)
    if let problem = WorkflowError.joining(problems) { throw problem }
    let start = SourceLocation(file: address, line: 1, column: 1)
    guard let root, root.entries != nil else {
      throw WorkflowError(
        .structure,
        "expected a workflow, found \(root == nil ? "nothing" : "no map")",
        at: start
      )
    }
    if root.hasInclude {
      throw WorkflowError(
        .include,
        "`!include` is followed in the files of a project only",
        at: start
      )
    }
    var tree = TaskTree()
    let task = WorkflowFile(name: "http_call", file: address, root: root).rootTask(name, &tree)
    if let problem = WorkflowError.joining(tree.problems) { throw problem }
    return task
  }
}
