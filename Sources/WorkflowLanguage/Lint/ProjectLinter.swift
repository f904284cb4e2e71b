/// Finds what a project is allowed to have and surely was not meant.
///
/// A rule keeps quiet where it cannot know: a warning is right, or it is not given.
public enum ProjectLinter {
  /// One rule: its name, and what it finds.
  struct Rule: Sendable {
    let name: String
    let check: @Sendable (LintProject) throws(WorkflowError) -> [Diagnostic]
  }

  static let rules: [Rule] = [
    Rule(name: "missing-file", check: MissingFileRule.findings),
    Rule(name: "call", check: CallRule.findings),
    Rule(name: "require", check: RequireRule.findings),
    Rule(name: "template-syntax", check: TemplateSyntaxRule.findings),
    Rule(name: "template-name", check: TemplateNameRule.findings),
    Rule(name: "text-comparison", check: TextComparisonRule.findings),
    Rule(name: "options", check: OptionRule.findings),
    Rule(name: "notebook", check: NotebookRule.findings),
    Rule(name: "mail", check: MailRule.findings),
    Rule(name: "ignored-key", check: IgnoredKeyRule.findings),
    Rule(name: "background", check: BackgroundRule.findings),
    Rule(name: "sla", check: SLARule.findings),
    Rule(name: "number", check: NumberRule.findings),
    Rule(name: "plain-secret", check: PlainSecretRule.findings),
    Rule(name: "unused-export", check: UnusedExportRule.findings),
    Rule(name: "unused-sql", check: UnusedSQLRule.findings),
    Rule(name: "unreached-workflow", check: UnreachedWorkflowRule.findings),
  ]

  /// The names of the rules.
  public static var ruleNames: [String] { rules.map(\.name) }

  /// Looks at a project that was loaded without errors.
  ///
  /// - Parameters:
  ///   - project: as ``ProjectLoader/load(directory:)`` gave it.
  ///   - templates: compiles expressions; nothing is evaluated.
  ///   - notebooks: what the maps of notebook operators may hold.
  /// - Returns: warnings and infos, by file and place.
  /// - Throws: ``WorkflowError`` when the template engine does not start.
  public static func findings(
    in project: LoadedProject,
    templates: TemplateEngine,
    notebooks: [NotebookSignature] = []
  ) throws(WorkflowError) -> [Diagnostic] {
    let linted = LintProject(project, templates: templates, notebooks: notebooks)
    var findings: [Diagnostic] = []
    var seen = Set(project.diagnostics)
    for rule in rules {
      for finding in try rule.check(linted) where seen.insert(finding).inserted {
        var finding = finding
        finding.rule = rule.name
        findings.append(finding)
      }
    }
    return findings.enumerated().sorted { left, right in
      let (a, b) = (key(left.element), key(right.element))
      return a != b ? a < b : left.offset < right.offset
    }.map(\.element)
  }

  private static func key(_ finding: Diagnostic) -> (String, Int, Int) {
    (
      finding.location?.file ?? "", finding.location?.line ?? 0, finding.location?.column ?? 0
    )
  }
}
