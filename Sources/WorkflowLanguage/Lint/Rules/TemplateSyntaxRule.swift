import Values

/// An expression in `${…}` that is no JavaScript, in workflows and in the files that are templates.
enum TemplateSyntaxRule {
  static func findings(in project: LintProject) throws(WorkflowError) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var texts: [(text: String, place: SourceLocation?)] = []
    for source in project.sources {
      source.root.forEachScalar { _, node in
        if case .scalar(.string(let text)) = node.content, text.contains("${") {
          texts.append((text, node.location))
        }
      }
    }
    var known: [String: [TemplateSyntaxProblem]] = [:]
    for (text, place) in texts {
      let problems: [TemplateSyntaxProblem]
      if let found = known[text] {
        problems = found
      } else {
        problems = try project.templates.syntaxProblems(in: text)
        known[text] = problems
      }
      findings += problems.map { finding($0, at: place) }
    }
    for file in files(of: project) {
      guard let text = project.texts.text(file) else { continue }
      for problem in try project.templates.syntaxProblems(in: text) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.indices.contains(problem.line - 1) ? lines[problem.line - 1] : ""
        let start = line.firstRange(of: "${" + problem.expression.prefix { $0 != "\n" })
        let column = start.map { line.distance(from: line.startIndex, to: $0.lowerBound) + 1 } ?? 1
        let place = SourceLocation(file: file, line: problem.line, column: column)
        findings.append(finding(problem, at: place))
      }
    }
    return findings
  }

  /// The files that tasks name and that are templates, each once.
  static func files(of project: LintProject) -> [String] {
    var files: [String] = []
    var seen: Set<String> = []
    for task in project.tasks {
      guard task.signature?.command == .file || task.type == "td_load",
        let name = task.literalCommand,
        let path = ProjectPath.normalize(ProjectPath.join(task.folder, name)),
        seen.insert(path).inserted, project.folder.isFile(path)
      else { continue }
      files.append(path)
    }
    return files
  }

  private static func finding(
    _ problem: TemplateSyntaxProblem,
    at place: SourceLocation?
  ) -> Diagnostic {
    let shown = problem.expression.prefix(120).replacing("\n", with: " ")
    return Diagnostic(
      .warning,
      "`${\(shown)}` does not compile: \(problem.reason)",
      at: place,
      hint: problem.expression.contains(":-")
        ? "a variable of the shell is written `$NAME`; `${…}` is evaluated before the shell sees it"
        : nil
    )
  }
}
