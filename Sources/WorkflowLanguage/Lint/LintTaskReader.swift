import Values

/// Walks the tree of a workflow file and lists its tasks, also those of `_do`, `_error` and `_check`.
struct LintTaskReader {
  let file: String
  let folder: String
  private(set) var tasks: [LintTask] = []

  init(file: String) {
    self.file = file
    folder = ProjectPath.split(file).folder
  }

  /// What a task hands to those below it.
  private struct Surroundings {
    var exports: [YAMLEntry] = []
    var isConditional = false
    var isRoot = false
    var position = 0
    var isParallel = false
  }

  mutating func read(_ root: YAMLNode) {
    let name = String(ProjectPath.split(file).name.dropLast(".dig".count))
    read(root, name: "+" + name, Surroundings(isRoot: true))
  }

  private mutating func read(_ body: YAMLNode, name: String, _ around: Surroundings) {
    let entries = body.taskEntries
    if let disabled = entries.first(where: { $0.key == "_disable" }),
      ["true", "True"].contains(disabled.value.value.text)
    {
      return
    }
    var inner = around
    inner.isRoot = false
    inner.exports += entries.filter { $0.key == "_export" }
    let operatorEntry = around.isRoot ? nil : entries.first(where: TaskTree.isOperator)
    let task = LintTask(
      name: name,
      file: file,
      folder: folder,
      entries: entries,
      operatorEntry: operatorEntry,
      exports: inner.exports,
      isConditional: around.isConditional,
      isRoot: around.isRoot,
      position: around.position,
      siblingsAreParallel: around.isParallel
    )
    tasks.append(task)
    readBelow(task, inner)
  }

  private mutating func readBelow(_ task: LintTask, _ around: Surroundings) {
    var inner = around
    let parallel = task.entry("_parallel")?.value.value
    inner.isParallel = parallel.map { !["false", "False", "", "0"].contains($0.text) } ?? false
    inner.position = 0
    for entry in task.entries where entry.key.hasPrefix("+") {
      read(entry.value, name: task.name + entry.key, inner)
      inner.position += 1
    }
    inner.isConditional = true
    inner.isParallel = false
    inner.position = 0
    for entry in task.entries {
      switch entry.key {
      case "_do" where task.type == "call" || task.type == nil: break
      case "_do", "_else_do": read(entry.value, name: task.name + "^sub", inner)
      case "_error": read(entry.value, name: task.name + "^error", inner)
      case "_check": read(entry.value, name: task.name + "^check", inner)
      default: break
      }
    }
  }
}
