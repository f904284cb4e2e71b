/// An expression of a text that does not compile.
struct TemplateSyntaxProblem {
  let expression: String
  /// The line of the text that the expression begins in, from 1.
  let line: Int
  /// As JavaScript says it: `SyntaxError: …`.
  let reason: String
}

extension TemplateEngine {
  /// Compiles the expressions of a text without running them.
  ///
  /// - Throws: ``WorkflowError`` `template` when the engine does not start.
  func syntaxProblems(in text: String) throws(WorkflowError) -> [TemplateSyntaxProblem] {
    guard text.contains("${") else { return [] }
    let template = TemplateText(text)
    var problems: [TemplateSyntaxProblem] = []
    for (expression, line) in zip(template.expressions, template.lines)
    where PlainName(expression) == nil {
      if let reason = try syntaxError(in: expression) {
        problems.append(
          TemplateSyntaxProblem(expression: expression, line: line, reason: reason)
        )
      }
    }
    return problems
  }

  private func syntaxError(in expression: String) throws(WorkflowError) -> String? {
    let zone = try rules(of: "UTC")
    let box = try take(withMoment: false)
    defer { give(box, withMoment: false) }
    let outcome = box.run(
      source:
        "(function(){return[];function unused(){with({})return[function(){return(\(expression)\n)}]}})",
      input: "[{},\"\"]",
      zone: zone,
      limits: limits
    )
    guard case .thrown(let reason, nil) = outcome else { return nil }
    return reason
  }
}
