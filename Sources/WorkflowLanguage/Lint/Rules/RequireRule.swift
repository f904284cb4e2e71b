import Values

/// A `require>` of a workflow that the project does not have, and workflows that wait for each other.
enum RequireRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var edges: [String: [String]] = [:]
    let workflows = Dictionary(project.workflows.map { ($0.file, $0.name) }) { first, _ in first }
    let names = Set(workflows.values)
    for task in project.tasks where isOfThisProject(task) {
      guard let name = task.literalCommand else { continue }
      if !names.contains(name) {
        findings.append(missing(name, task, project.names))
      } else if !task.isConditional, task.entry("session_time") == nil,
        let own = workflows[task.file]
      {
        edges[own, default: []].append(name)
      }
    }
    var search = CircleSearch(edges: edges)
    for circle in search.circles() {
      guard let last = circle.last, let first = circle.first else { continue }
      let task = project.tasks.first {
        $0.type == "require" && $0.literalCommand == first && workflows[$0.file] == last
      }
      let shown = (circle + [first]).map { "`\($0)`" }.joined(separator: " → ")
      findings.append(
        Diagnostic(
          .warning,
          "workflows wait for each other without end: \(shown)",
          at: task?.commandPlace
        )
      )
    }
    return findings
  }

  private static func isOfThisProject(_ task: LintTask) -> Bool {
    task.type == "require" && !task.has("project_id") && !task.has("project_name")
  }

  private static func missing(_ name: String, _ task: LintTask, _ names: [String]) -> Diagnostic {
    let bare = name.hasSuffix(".dig") ? String(name.dropLast(4)) : name
    let near = Suggestion.nearest(to: bare, among: names, limit: 1).first
    return Diagnostic(
      .warning,
      "Dependent workflow does not exist: \(name)",
      at: task.commandPlace,
      hint: names.contains(bare)
        ? "`require>` names a workflow without `.dig`: `\(bare)`"
        : near.map { "did you mean `\($0)`" }
    )
  }
}
