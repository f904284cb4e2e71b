import Values

/// Reads a project folder into workflow definitions.
public enum ProjectLoader {
  /// The name of the file with the patterns of what does not belong to the project.
  public static let ignoreFile = ".digdagignore"

  /// Loads and compiles every `.dig` file directly in the folder; never throws, all problems are in the result.
  public static func load(directory: String) -> LoadedProject {
    let folder = ProjectFolder(root: directory)
    guard folder.exists else {
      return LoadedProject(
        directory: directory,
        workflows: [],
        diagnostics: [Diagnostic(.error, "project folder not found: \(directory)")]
      )
    }
    var workflows: [WorkflowDefinition] = []
    var diagnostics: [Diagnostic] = []
    var sources: [WorkflowSource] = []
    var seen: Set<Diagnostic> = []
    var includes = IncludeExpander(folder: folder)
    let files = workflowFiles(in: folder, &diagnostics)
    for file in files {
      let (definition, root, found) = load(file, in: folder, &includes)
      if let definition { workflows.append(definition) }
      if let root { sources.append(WorkflowSource(file: file, root: root)) }
      diagnostics += found.filter { seen.insert($0).inserted }
    }
    if files.isEmpty {
      diagnostics.append(
        Diagnostic(
          .error,
          "no workflow in \(directory): expected a file that ends in `.dig` directly in it",
          hint: "`tadoru init DIR` makes a small project"
        )
      )
    }
    return LoadedProject(
      directory: directory,
      workflows: workflows,
      diagnostics: diagnostics,
      sources: sources
    )
  }

  /// Loads a file for `call>`.
  ///
  /// - Parameters:
  ///   - file: as written, with or without `.dig`, relative to `workingDirectory`.
  ///   - directory: the project folder.
  ///   - workingDirectory: the folder of the calling file, relative to the project folder; empty for the project itself.
  ///   - name: the name for the group, with its sign.
  /// - Returns: the file as a group of tasks, and where it lies.
  /// - Throws: ``WorkflowError`` `fileNotFound` with the nearest names, or what is wrong with the file.
  public static func loadCalled(
    file: String,
    in directory: String,
    from workingDirectory: String = "",
    name: String = "^sub"
  ) throws(WorkflowError) -> CalledWorkflow {
    let written = file.hasSuffix(".dig") ? file : file + ".dig"
    guard !file.isEmpty, !written.hasPrefix("/"),
      let path = ProjectPath.normalize(ProjectPath.join(workingDirectory, written))
    else {
      throw WorkflowError(
        .fileNotFound,
        "File not found: \(written)",
        hint: "the path starts at the folder of the calling file and stays in the project"
      )
    }
    let folder = ProjectFolder(root: directory)
    let bytes = try folder.read(path)
    var includes = IncludeExpander(folder: folder)
    var tree = TaskTree()
    guard let root = includes.load(path, bytes: bytes) else {
      throw WorkflowError.joining(includes.takeProblems())
        ?? WorkflowError(.yaml, "`\(path)` is no workflow")
    }
    let (parent, last) = ProjectPath.split(path)
    let task = WorkflowFile(name: String(last.dropLast(4)), file: path, root: root).rootTask(
      name,
      &tree
    )
    if let problem = WorkflowError.joining(includes.takeProblems() + tree.problems) {
      throw problem
    }
    return CalledWorkflow(task: task, file: path, directory: parent)
  }

  private static func workflowFiles(
    in folder: ProjectFolder,
    _ diagnostics: inout [Diagnostic]
  ) -> [String] {
    var ignore = IgnoreRules()
    if folder.isFile(ignoreFile) {
      do {
        ignore = IgnoreRules(try YAMLText.decode(try folder.read(ignoreFile), file: ignoreFile))
      } catch {
        diagnostics.append(error.diagnostic)
      }
    }
    return folder.names().filter {
      $0.hasSuffix(".dig") && !$0.hasPrefix(".") && !ignore.ignores($0) && folder.isFile($0)
    }
  }

  private static func load(
    _ file: String,
    in folder: ProjectFolder,
    _ includes: inout IncludeExpander
  ) -> (WorkflowDefinition?, YAMLNode?, [Diagnostic]) {
    let name = String(file.dropLast(4))
    var problems: [WorkflowError] = []
    if let problem = NameRule.problem(ofWorkflow: name) {
      problems.append(
        WorkflowError(
          .name,
          "workflow file `\(file)` \(problem)",
          at: SourceLocation(file: file, line: 1, column: 1),
          hint: "rename the file"
        )
      )
    }
    let bytes: [UInt8]
    do {
      bytes = try folder.read(file)
    } catch {
      return (nil, nil, (problems + [error]).map(\.diagnostic))
    }
    var tree = TaskTree()
    let root = includes.load(file, bytes: bytes)
    problems += includes.takeProblems()
    let definition = root.flatMap {
      WorkflowFile(name: name, file: file, root: $0).definition(&tree)
    }
    problems += tree.problems
    let found = problems.map(\.diagnostic) + tree.warnings
    return (problems.isEmpty ? definition : nil, root, sorted(found, first: file))
  }

  /// By file, the workflow's own first, then by line and column.
  private static func sorted(_ diagnostics: [Diagnostic], first file: String) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      let (a, b) = (left.element.location, right.element.location)
      let (fileA, fileB) = (a?.file ?? file, b?.file ?? file)
      if fileA != fileB { return fileA == file || (fileB != file && fileA < fileB) }
      let (placeA, placeB) = ((a?.line ?? 0, a?.column ?? 0), (b?.line ?? 0, b?.column ?? 0))
      return placeA != placeB ? placeA < placeB : left.offset < right.offset
    }.map(\.element)
  }
}
