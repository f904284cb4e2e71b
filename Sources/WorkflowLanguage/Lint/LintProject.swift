import Values

/// A project as the rules of the linter see it.
struct LintProject {
  let folder: ProjectFolder
  let workflows: [WorkflowDefinition]
  /// The workflow files, and those that `call>` brings in.
  let sources: [WorkflowSource]
  /// Files that `call>` names, and where; workflows of the project among them.
  let calls: [LintCall]
  let tasks: [LintTask]
  let texts: LintTexts
  let templates: TemplateEngine
  /// Options inside of the maps of `ml_train>` and its like, by operator and notebook.
  let notebooks: [NotebookSignature]

  init(_ loaded: LoadedProject, templates: TemplateEngine, notebooks: [NotebookSignature]) {
    folder = ProjectFolder(root: loaded.directory)
    workflows = loaded.workflows
    self.templates = templates
    self.notebooks = notebooks
    var reading = CalledFiles(folder: folder, sources: loaded.sources)
    reading.follow()
    sources = reading.sources
    calls = reading.calls
    tasks = reading.tasks
    texts = LintTexts(folder: folder)
  }

  /// The workflow names that stand in the root.
  var names: [String] { workflows.map(\.name) }

  /// Files whose tasks see the exports of others.
  var calledFiles: Set<String> { Set(calls.map(\.target)) }
}

/// What the map of a notebook operator may hold.
public struct NotebookSignature: Sendable {
  public let operatorName: String
  /// The value of `notebook`.
  public let notebook: String
  public let options: [String]

  public init(operatorName: String, notebook: String, options: [String]) {
    self.operatorName = operatorName
    self.notebook = notebook
    self.options = options
  }
}

/// One `call>` with a name that no template changes.
struct LintCall {
  let task: LintTask
  /// The path of the file from the root of the project.
  let target: String
  /// Why the file cannot be called; nil when it can.
  let problem: WorkflowError?
}

/// Follows `call>` from file to file.
private struct CalledFiles {
  let folder: ProjectFolder
  private(set) var sources: [WorkflowSource]
  private(set) var tasks: [LintTask] = []
  private(set) var calls: [LintCall] = []
  private var problems: [String: WorkflowError] = [:]
  private var known: Set<String>

  init(folder: ProjectFolder, sources: [WorkflowSource]) {
    self.folder = folder
    self.sources = sources
    known = Set(sources.map(\.file))
  }

  mutating func follow() {
    var next = 0
    while next < sources.count {
      var reader = LintTaskReader(file: sources[next].file)
      reader.read(sources[next].root)
      tasks += reader.tasks
      for task in reader.tasks where task.type == "call" { call(task) }
      next += 1
    }
  }

  private mutating func call(_ task: LintTask) {
    guard let name = task.literalCommand else { return }
    let written = name.hasSuffix(".dig") ? name : name + ".dig"
    guard !written.hasPrefix("/"),
      let path = ProjectPath.normalize(ProjectPath.join(task.folder, written))
    else {
      let problem = WorkflowError(.fileNotFound, "File not found: \(written)")
      calls.append(LintCall(task: task, target: written, problem: problem))
      return
    }
    if known.insert(path).inserted { load(path) }
    calls.append(LintCall(task: task, target: path, problem: problems[path]))
  }

  private mutating func load(_ path: String) {
    do throws(WorkflowError) {
      var includes = IncludeExpander(folder: folder)
      let root = includes.load(path, bytes: try folder.read(path))
      var tree = TaskTree()
      if let root {
        let name = String(ProjectPath.split(path).name.dropLast(".dig".count))
        _ = WorkflowFile(name: name, file: path, root: root).rootTask("^sub", &tree)
        sources.append(WorkflowSource(file: path, root: root))
      }
      problems[path] = WorkflowError.joining(includes.takeProblems() + tree.problems)
    } catch {
      problems[path] = error
    }
  }
}
