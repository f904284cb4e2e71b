/// Turns libyaml's complaints into errors that say what to do about the traps of templates in YAML.
enum YAMLSyntaxHint {
  static func explain(_ problem: YAMLSyntaxProblem, text: String, file: String) -> WorkflowError {
    let source = Source(text: text, problem: problem)
    var (line, column) = (problem.line, problem.column)
    var message = problem.message
    var hint: String?
    switch problem.message {
    case let text where text.hasPrefix("did not find expected ',' or"):
      message = text.hasSuffix("']'") ? "expected `,` or `]`" : "expected `,` or `}`"
      hint = flowHint(source)
    case "mapping values are not allowed in this context":
      message = "a value cannot hold `: ` without quotes"
      hint = colonHint(source)
    case "found unexpected end of stream" where problem.context?.contains("quoted scalar") == true:
      message = "a quote is opened here and never closed"
      if let place = problem.contextPlace { (line, column) = place }
    case "found character that cannot start any token",
      "did not find expected alphabetic or numeric character":
      (message, hint) = startHint(source, message)
      if source.before == "*" || source.before == "&" { column -= 1 }
    case "could not find expected ':'":
      message = "expected `: ` behind a key"
      hint =
        "a key and its value are separated by a colon and a blank; further lines of a value are indented more than its key"
      if let place = problem.contextPlace { (line, column) = place }
    case "did not find expected key" where source.at == ":":
      message = "expected a key before `:`, found nothing"
    case "did not find expected key":
      message = "expected a key at this indentation"
      hint =
        "keys of one map begin in the same column; quote a value that contains quotes or `${…}`"
    case "found undefined tag handle":
      message = "a value that begins with `!` is read as a tag"
      hint = "quote it"
    default:
      if let context = problem.context { message += " \(context)" }
    }
    return WorkflowError(
      .yaml,
      message,
      at: SourceLocation(file: file, line: line, column: column),
      hint: hint
    )
  }

  /// The text around the place of a problem.
  private struct Source {
    let line: String
    /// The character at the place, and the one before it.
    let at: Character?
    let before: Character?

    init(text: String, problem: YAMLSyntaxProblem) {
      let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      line = problem.line <= lines.count ? String(lines[problem.line - 1]) : ""
      at = line.dropFirst(problem.column - 1).first
      before = problem.column > 1 ? line.dropFirst(problem.column - 2).first : nil
    }
  }

  private static func flowHint(_ source: Source) -> String? {
    guard source.line.contains("${") else { return nil }
    return "inside `[ ]` and `{ }` a template must be quoted: `[\"${a}\"]`, `{key: \"${a}\"}`"
  }

  private static func colonHint(_ source: Source) -> String {
    source.line.contains("${")
      ? "quote a template that holds `: `, as in `'${a ? b : c}'`"
      : "quote the whole value, or indent the line as its neighbours are"
  }

  private static func startHint(_ source: Source, _ message: String) -> (String, String?) {
    let mark =
      source.at.flatMap { "@`%".contains($0) ? $0 : nil }
      ?? source.before.flatMap { "*&".contains($0) ? $0 : nil }
    if let mark {
      return ("a value cannot begin with `\(mark)` without quotes", "quote it, as in `'\(mark)…'`")
    }
    if source.at == "\t" {
      return ("a tab cannot indent a line", "indent with blanks")
    }
    return (message, nil)
  }
}
