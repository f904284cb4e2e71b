import Values

/// Words for a template that could not be evaluated.
struct TemplateFailure {
  /// Longer texts, and those of several lines, are not repeated: their expression and its line are.
  private static let shownCharacters = 200

  let text: String
  let template: TemplateText
  let limits: TemplateLimits

  /// An exception, with the nearest visible name when a name was unknown.
  func error(_ reason: String, expression: Int, known names: [String]) -> WorkflowError {
    let unknown = reason.split(separator: " ")
    let isUnknownName = reason.hasPrefix("ReferenceError: ") && reason.hasSuffix(" is not defined")
    let near =
      isUnknownName && unknown.count == 5
      ? Suggestion.nearest(to: String(unknown[1]), among: names, limit: 1).first : nil
    return WorkflowError(
      .template,
      message(reason, expression: max(0, expression)),
      hint: near.map { "did you mean `\($0)`?" }
        ?? (isUnknownName
          ? "set it with `_export:`, in an earlier task, or with `-p name=value`" : nil)
    )
  }

  var outOfMemory: WorkflowError {
    WorkflowError(
      .template,
      message("out of memory: a template may use \(limits.memoryInBytes >> 20) MB", expression: 0)
    )
  }

  var outOfTime: WorkflowError {
    WorkflowError(
      .template,
      message(
        "stopped: a template may run for \(limits.interruptAfter / .milliseconds(1)) ms",
        expression: 0
      )
    )
  }

  private func message(_ reason: String, expression: Int) -> String {
    var shown = text
    let isLong = text.count > TemplateFailure.shownCharacters || text.contains("\n")
    if isLong,
      template.expressions.indices.contains(expression)
    {
      let inside = template.expressions[expression]
      let cut = inside.count > TemplateFailure.shownCharacters
      shown =
        "${\(inside.prefix(TemplateFailure.shownCharacters))\(cut ? "…" : "")}"
        + " in line \(template.lines[expression])"
    }
    return "Failed to evaluate a variable \(shown) (\(reason))"
  }
}
