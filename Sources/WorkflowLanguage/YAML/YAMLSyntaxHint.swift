/// Turns libyaml's complaints into errors that say what to do about the traps of templates in YAML.
struct YAMLSyntaxHint {
  private typealias Advice = (message: String, hint: String?)

  private let problem: YAMLSyntaxProblem
  /// The line of the problem.
  private let line: String
  /// The characters at the place of the problem and before it.
  private let at: Character?
  private let before: Character?

  static func explain(_ problem: YAMLSyntaxProblem, text: String, file: String) -> WorkflowError {
    let hint = YAMLSyntaxHint(problem, text: text)
    let advice = hint.advice
    let (line, column) = hint.place
    return WorkflowError(
      .yaml,
      advice.message,
      at: SourceLocation(file: file, line: line, column: column),
      hint: advice.hint
    )
  }

  private init(_ problem: YAMLSyntaxProblem, text: String) {
    self.problem = problem
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    line = problem.line <= lines.count ? String(lines[problem.line - 1]) : ""
    at = line.dropFirst(problem.column - 1).first
    before = problem.column > 1 ? line.dropFirst(problem.column - 2).first : nil
  }

  private var advice: Advice {
    switch problem.message {
    case "did not find expected ',' or ']'": flow("]", opened: "[")
    case "did not find expected ',' or '}'": flow("}", opened: "{")
    case "mapping values are not allowed in this context": colon
    case "found unexpected end of stream" where isInQuotes:
      ("a quote is opened here and never closed", nil)
    case "found character that cannot start any token",
      "did not find expected alphabetic or numeric character":
      start
    case "could not find expected ':'":
      (
        "expected `: ` behind a key",
        "a key and its value are separated by a colon and a blank; further lines of a value are indented more than its key"
      )
    case "did not find expected key": key
    case "did not find expected '-' indicator":
      (
        "expected `- ` for the next item of the list",
        "items of one list begin in the same column, keys left of them"
      )
    case "found undefined tag handle": ("a value that begins with `!` is read as a tag", "quote it")
    case "found unknown escape character":
      ("an unknown escape in double quotes", "write `\\\\` for a backslash, or use single quotes")
    case "found invalid Unicode character escape code":
      (
        SurrogatePairs.complaint,
        "a pair such as `\\ud83d\\ude00` stands for one, half of it does not"
      )
    default: (problem.message + (problem.context.map { " \($0)" } ?? ""), nil)
    }
  }

  private var place: (line: Int, column: Int) {
    switch problem.message {
    case "found unexpected end of stream" where isInQuotes, "could not find expected ':'":
      problem.contextPlace ?? (problem.line, problem.column)
    case "did not find expected alphabetic or numeric character"
    where before == "*" || before == "&":
      (problem.line, problem.column - 1)
    default: (problem.line, problem.column)
    }
  }

  private var isInQuotes: Bool { problem.context?.contains("quoted scalar") == true }

  /// True where only blanks stand before the place.
  private var beginsLine: Bool { !line.prefix(problem.column - 1).contains { !$0.isWhitespace } }

  private func flow(_ close: String, opened: String) -> Advice {
    var message = "expected `,` or `\(close)`"
    if let place = problem.contextPlace, place.line != problem.line {
      message += ", the `\(opened)` at line \(place.line), column \(place.column) is open"
    }
    guard line.contains("${") else { return (message, nil) }
    return (
      message, "inside `[ ]` and `{ }` a template must be quoted: `[\"${a}\"]`, `{key: \"${a}\"}`"
    )
  }

  private var colon: Advice {
    let message = "a value cannot hold `: ` without quotes"
    if line.contains("${") {
      return (message, "quote a template that holds `: `, as in `'${a ? b : c}'`")
    }
    let key = line.prefix(problem.column - 1).drop { $0 == " " }
    if problem.line > 1, !key.isEmpty, !key.contains(" ") {
      return (
        "`\(key):` is indented as a part of the value above",
        "indent it as the keys beside it, or quote the value above"
      )
    }
    return (message, "quote the whole value")
  }

  private var key: Advice {
    if at == ":" { return ("expected a key before `:`, found nothing", nil) }
    if !beginsLine {
      return (
        "expected the end of the value, found more text",
        "quote the whole value; inside of `'…'` a quote is written twice"
      )
    }
    return ("expected a key at this indentation", "keys of one map begin in the same column")
  }

  private var start: Advice {
    let mark =
      at.flatMap { "@`%".contains($0) ? $0 : nil }
      ?? before.flatMap { "*&".contains($0) ? $0 : nil }
    if let mark {
      return ("a value cannot begin with `\(mark)` without quotes", "quote it, as in `'\(mark)…'`")
    }
    if at == "\t" { return ("a tab cannot indent a line", "indent with blanks") }
    return (problem.message, nil)
  }
}
