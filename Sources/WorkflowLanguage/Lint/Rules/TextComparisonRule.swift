import Values

/// `if>` that compares two texts where numbers were meant, or asks a text that is neither true nor false.
enum TextComparisonRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    project.tasks.compactMap { task in
      guard task.type == "if", let text = task.command?.value.string else { return nil }
      let template = TemplateText(text)
      guard template.expressions.count == 1, template.literals.allSatisfy({ $0.isEmpty }) else {
        return nil
      }
      let expression = template.expressions[0]
      return comparison(expression, task) ?? answer(expression, task)
    }
  }

  private enum Side {
    case text(String)
    case unknown
    var isNumeric: Bool {
      if case .text(let text) = self { Double(text.trimmingBlanks) != nil } else { false }
    }
    var isText: Bool { if case .text = self { true } else { false } }
  }

  private static func comparison(_ expression: String, _ task: LintTask) -> Diagnostic? {
    let signs = ["<=", ">=", "<", ">"]
    guard let sign = signs.first(where: { expression.contains($0) }),
      case let sides = expression.split(separator: sign, omittingEmptySubsequences: false),
      sides.count == 2, !expression.contains("&&"), !expression.contains("||")
    else { return nil }
    let (left, right) = (side(sides[0], task), side(sides[1], task))
    guard left.isText, right.isText, left.isNumeric || right.isNumeric else { return nil }
    return Diagnostic(
      .warning,
      "`\(expression)` compares two texts, letter by letter: `10` is less than `9`",
      at: task.commandPlace,
      hint:
        "write `Number(…)` around one side; unquoted numbers that begin with `0.` are text in this language"
    )
  }

  private static func side(_ written: Substring, _ task: LintTask) -> Side {
    let text = String(written).trimmingBlanks
    if let quote = text.first, quote == "'" || quote == "\"", text.count >= 2, text.last == quote {
      return .text(String(text.dropFirst().dropLast()))
    }
    guard PlainName(text) != nil, !text.contains("."), task.entry(text) == nil,
      let export = task.export(text)?.value, case .scalar(.string(let value)) = export.content
    else { return .unknown }
    return .text(value)
  }

  private static func answer(_ expression: String, _ task: LintTask) -> Diagnostic? {
    let name = expression.trimmingBlanks
    guard PlainName(name) != nil, let export = task.export(name)?.value,
      case .scalar(.string(let value)) = export.content, export.isPlain,
      OptionRule.wordsForTruth.contains(value)
    else { return nil }
    return Diagnostic(
      .warning,
      "`\(name)` is the text `\(value)`, expected `true` or `false`",
      at: export.location,
      hint: "this language knows `true` and `false` only"
    )
  }
}
