import Values

/// A `call>` of a file that cannot be called, and files that call each other for ever.
enum CallRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    project.calls.compactMap { call in
      guard let problem = call.problem else { return nil }
      let place = problem.location.map { $0.file == call.task.file ? "" : "\($0): " } ?? ""
      return Diagnostic(
        .warning,
        problem.code == .fileNotFound
          ? problem.message : "`\(call.target)` cannot be called: \(place)\(problem.message)",
        at: call.task.commandPlace,
        hint: elsewhere(call, problem, in: project) ?? problem.hint
      )
    } + circles(project.calls)
  }

  /// A file of the name in another folder, which the path does not reach.
  private static func elsewhere(
    _ call: LintCall,
    _ problem: WorkflowError,
    in project: LintProject
  ) -> String? {
    guard problem.code == .fileNotFound else { return nil }
    let name = ProjectPath.split(call.target).name
    return project.texts.files.first { ProjectPath.split($0).name == name }
      .map { "did you mean `\($0)`; the path starts at the folder of the calling file" }
  }

  /// Each circle once, at the call that closes it; a call in a branch may end it, so those do not count.
  private static func circles(_ calls: [LintCall]) -> [Diagnostic] {
    var edges: [String: [LintCall]] = [:]
    for call in calls where !call.task.isConditional {
      edges[call.task.file, default: []].append(call)
    }
    var search = CircleSearch(edges: edges.mapValues { $0.map(\.target) })
    return search.circles().compactMap { circle in
      guard let last = circle.last, let first = circle.first,
        let closing = edges[last]?.first(where: { $0.target == first })
      else { return nil }
      let shown = (circle + [first]).map { "`\($0)`" }.joined(separator: " → ")
      return Diagnostic(
        .warning,
        "files call each other without end: \(shown)",
        at: closing.task.commandPlace,
        hint: "an attempt ends at the limit of tasks; put the call under an `if>`"
      )
    }
  }
}

/// Finds circles in a graph: for each edge that leads back, the path that it closes.
struct CircleSearch {
  let edges: [String: [String]]
  private var done: Set<String> = []
  private var found: [[String]] = []

  init(edges: [String: [String]]) { self.edges = edges }

  mutating func circles() -> [[String]] {
    for start in edges.keys.sorted() where !done.contains(start) { visit(start) }
    return found
  }

  /// Depth first with a stack of its own: files may call each other thousands deep.
  private mutating func visit(_ start: String) {
    var path = [start]
    var positions = [0]
    while let node = path.last, let position = positions.last {
      let next = edges[node] ?? []
      guard position < next.count else {
        done.insert(node)
        path.removeLast()
        positions.removeLast()
        continue
      }
      positions[positions.count - 1] += 1
      let target = next[position]
      if let begin = path.firstIndex(of: target) {
        found.append(Array(path[begin...]))
      } else if !done.contains(target) {
        path.append(target)
        positions.append(0)
      }
    }
  }
}
