import Values

/// A project folder as it was read: its workflows, or what is wrong with them.
public struct LoadedProject: Sendable {
  /// The folder that was read.
  public let directory: String
  /// The workflows without errors, in the order of their names.
  public let workflows: [WorkflowDefinition]
  /// Errors and warnings in file order; one error refuses the whole project.
  public let diagnostics: [Diagnostic]
  /// The files as they were read, with their places, for the linter.
  let sources: [WorkflowSource]

  public init(directory: String, workflows: [WorkflowDefinition], diagnostics: [Diagnostic]) {
    self.init(
      directory: directory,
      workflows: workflows,
      diagnostics: diagnostics,
      sources: []
    )
  }

  init(
    directory: String,
    workflows: [WorkflowDefinition],
    diagnostics: [Diagnostic],
    sources: [WorkflowSource]
  ) {
    self.directory = directory
    self.workflows = workflows
    self.diagnostics = diagnostics
    self.sources = sources
  }

  public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

  public var isRefused: Bool { diagnostics.contains { $0.severity == .error } }

  /// The workflow of a name, with or without `.dig`.
  ///
  /// - Throws: ``WorkflowError`` `unknownWorkflow` with the nearest names as hint.
  public func workflow(named name: String) throws(WorkflowError) -> WorkflowDefinition {
    let bare = name.hasSuffix(".dig") ? String(name.dropLast(4)) : name
    if let workflow = workflows.first(where: { $0.name == bare }) { return workflow }
    let names = workflows.map(\.name)
    let near = Suggestion.nearest(to: bare, among: names)
    let hint: String? =
      if !near.isEmpty {
        "did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))"
      } else if names.isEmpty {
        nil
      } else {
        "the project has \(names.prefix(10).map { "`\($0)`" }.joined(separator: ", "))\(names.count > 10 ? " and \(names.count - 10) more" : "")"
      }
    throw WorkflowError(
      .unknownWorkflow,
      "workflow `\(bare)` does not exist in \(directory)",
      hint: hint
    )
  }
}

/// The tree of a workflow file with everything included.
struct WorkflowSource: Sendable {
  /// Relative to the project folder.
  let file: String
  let root: YAMLNode
}

/// A file that `call>` brought in.
public struct CalledWorkflow: Sendable, Hashable {
  /// A group with the file's `_export` and tasks.
  public let task: TaskNode
  /// Relative to the project folder.
  public let file: String
  /// The folder of the file, relative to the project folder; empty for the project itself.
  public let directory: String
}
