import Values

/// A name in a template that nothing else mentions and that is a slip of a known one.
enum TemplateNameRule {
  private static let forms = [
    "time", "date", "date_compact", "local_time", "tz_offset", "unixtime",
  ]
  private static let builtIns =
    ["session", "last_session", "next_session", "last_executed_session"]
    .flatMap { name in forms.map { "\(name)_\($0)" } } + [
      "timezone", "project_id", "session_id", "session_uuid", "attempt_id", "task_name",
      "retry_attempt_name",
    ]
  private static let given = [
    "moment", "td", "http", "error", "range", "automl", "pg", "s3", "store",
  ]

  static func findings(in project: LintProject) -> [Diagnostic] {
    guard let words = project.texts.words() else { return [] }
    var exported: Set<String> = []
    var known = Set(builtIns + given)
    for source in project.sources {
      source.root.forEachEntry { known.insert($0.key) }
    }
    for task in project.tasks {
      for export in task.exports { exported.formUnion(export.value.entries?.map(\.key) ?? []) }
      if task.type == "for_each" {
        known.formUnion(task.command?.entries?.map(\.key) ?? [])
      }
    }
    let uses = uses(in: project)
    var inTemplates = WordCount()
    for use in uses.all { inTemplates.add(use) }
    let candidates = builtIns + exported.filter { $0.count >= 5 }.sorted()
    var findings: [Diagnostic] = []
    for (name, place) in uses.names where !known.contains(name) && name.count >= 5 {
      guard words[name] == inTemplates[name], let meant = Suggestion.slip(name, of: candidates)
      else { continue }
      findings.append(
        Diagnostic(
          .warning,
          "nothing sets `\(name)`",
          at: place,
          hint: "did you mean `\(meant)`"
        )
      )
    }
    return findings
  }

  private struct Uses {
    /// The first names of plain dotted expressions.
    var names: [(String, SourceLocation?)] = []
    /// Every expression of the project's files.
    var all: [String] = []
  }

  private static func uses(in project: LintProject) -> Uses {
    var uses = Uses()
    for source in project.sources {
      source.root.forEachScalar { _, node in
        guard case .scalar(.string(let text)) = node.content, text.contains("${") else { return }
        for expression in TemplateText(text).expressions {
          if let name = PlainName(expression)?.first { uses.names.append((name, node.location)) }
        }
      }
    }
    for file in TemplateSyntaxRule.files(of: project) {
      guard let text = project.texts.text(file) else { continue }
      let template = TemplateText(text)
      for (expression, line) in zip(template.expressions, template.lines) {
        guard let name = PlainName(expression)?.first else { continue }
        uses.names.append((name, SourceLocation(file: file, line: line, column: 1)))
      }
    }
    for file in project.texts.files
    where ["dig", "sql", "yml", "yaml"].contains(LintTexts.ending(of: file)) {
      guard let text = project.texts.text(file), text.contains("${") else { continue }
      uses.all += TemplateText(text).expressions
    }
    return uses
  }
}
