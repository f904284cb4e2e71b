import Foundation
import Synchronization
public import Values

/// Evaluates `${…}`: plain names natively, everything else in a JavaScript engine with limits of time and memory.
///
/// Callable from any thread, any number of times at once. Each text is evaluated in a fresh engine: globals or prototypes
/// that a template changed are gone for the next one. Nothing is started before the first expression needs it.
///
/// Numbers: a plain `${id}` of an integer gives all its digits; inside longer expressions integers are JavaScript's doubles,
/// exact to 2⁵³. A whole float prints as JavaScript does: 5.0 is `5`.
public final class TemplateEngine: Sendable {
  private struct Idle {
    var plain: [JavaScriptBox] = []
    var withMoment: [JavaScriptBox] = []
    var zones: [String: ZoneRules] = [:]
    var moment: String?
  }

  let limits: TemplateLimits
  private let momentFile: String?
  private let fixedNow: Int64?
  private let idle = Mutex(Idle())

  /// - Parameters:
  ///   - limits: of each evaluation.
  ///   - momentFile: the path of moment.js; read when a template first mentions `moment`, which fails without it.
  ///   - now: what `moment()` and `new Date()` take for the present, in unix seconds; the clock of the machine unless given.
  public init(
    limits: TemplateLimits = TemplateLimits(),
    momentFile: String? = nil,
    now: Int64? = nil
  ) {
    self.limits = limits
    self.momentFile = momentFile
    fixedNow = now
  }

  /// Evaluates a text that is not part of a task, such as the content of an SQL file.
  ///
  /// - Parameters:
  ///   - text: with `${…}`.
  ///   - scope: the names it sees.
  ///   - timezone: the zone of the workflow, for `Date` and `moment`.
  /// - Returns: the text with every template replaced.
  /// - Throws: ``WorkflowError`` `template`, with the text (of a long one the expression and its line).
  public func evaluate(
    text: String,
    scope: ObjectValue,
    timezone: String
  ) throws(WorkflowError) -> String {
    try evaluate(text, in: TemplateScope(scope), timezone: timezone)
  }

  func evaluate(
    _ text: String,
    in scope: TemplateScope,
    timezone: String
  ) throws(WorkflowError) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    let template = TemplateText(text)
    if let answer = native(template, scope) { return answer }
    let outcome = try run(template.literals, template.expressions, scope, timezone)
    if case .thrown(_, nil) = outcome, template.expressions.count > 1 {
      return try findSyntaxError(in: template, of: text, scope, timezone)
    }
    return try answer(outcome, text, template, scope)
  }

  private func native(_ template: TemplateText, _ scope: TemplateScope) -> String? {
    var text = template.literals.first ?? ""
    for (expression, literal) in zip(template.expressions, template.literals.dropFirst()) {
      guard let value = PlainName(expression)?.text(in: scope) else { return nil }
      text += value + literal
    }
    return text
  }

  private func run(
    _ literals: [String],
    _ expressions: [String],
    _ scope: TemplateScope,
    _ timezone: String
  ) throws(WorkflowError) -> JavaScriptBox.Outcome {
    let words = TemplateWords(expressions)
    let needsMoment = words.contains("moment") && scope["moment"] == nil
    let zone = try rules(of: timezone)
    let parts = expressions.map { "function(){return(\($0)\n)}" }.joined(separator: ",")
    let input = [.object(scope.entries(for: words))] + literals.map(Value.string)
    let box = try take(withMoment: needsMoment)
    defer { give(box, withMoment: needsMoment) }
    return box.run(
      source:
        "(function(){\(fixedNow.map(JavaScriptPrelude.clock) ?? "")with(arguments[0])return[\(parts)]})",
      input: JSON.encode(.array(input)),
      zone: zone,
      limits: limits
    )
  }

  private func answer(
    _ outcome: JavaScriptBox.Outcome,
    _ text: String,
    _ template: TemplateText,
    _ scope: TemplateScope
  ) throws(WorkflowError) -> String {
    let failure = TemplateFailure(text: text, template: template, limits: limits)
    switch outcome {
    case .text(let answer): return answer
    case .thrown(let reason, let expression):
      throw failure.error(reason, expression: expression ?? 0, known: scope.names + ["moment"])
    case .outOfMemory: throw failure.outOfMemory
    case .outOfTime: throw failure.outOfTime
    }
  }

  /// Compiles the expressions one by one until one fails, for the sake of the message.
  private func findSyntaxError(
    in template: TemplateText,
    of text: String,
    _ scope: TemplateScope,
    _ timezone: String
  ) throws(WorkflowError) -> String {
    let failure = TemplateFailure(text: text, template: template, limits: limits)
    for (index, expression) in template.expressions.enumerated() {
      let outcome = try run(["", ""], [expression], scope, timezone)
      if case .thrown(let reason, nil) = outcome {
        throw failure.error(reason, expression: index, known: [])
      }
    }
    throw failure.error("SyntaxError: the expressions do not compile", expression: 0, known: [])
  }
}

extension TemplateEngine {
  func rules(of timezone: String) throws(WorkflowError) -> ZoneRules {
    if let known = idle.withLock({ $0.zones[timezone] }) { return known }
    let made = try ZoneRules(timezone)
    idle.withLock { $0.zones[timezone] = made }
    return made
  }

  func take(withMoment: Bool) throws(WorkflowError) -> JavaScriptBox {
    let kept = idle.withLock { idle in
      withMoment ? idle.withMoment.popLast() : idle.plain.popLast()
    }
    if let kept { return kept }
    let library = withMoment ? try moment() : nil
    guard let box = JavaScriptBox(library: library, limits: limits) else {
      throw WorkflowError(
        .template,
        "the JavaScript engine does not start with \(limits.memoryInBytes) bytes"
          + (withMoment ? " and `\(momentFile ?? "")`" : "")
      )
    }
    return box
  }

  func give(_ box: JavaScriptBox, withMoment: Bool) {
    idle.withLock { idle in
      let count = withMoment ? idle.withMoment.count : idle.plain.count
      guard count < limits.idleEngines else { return }
      if withMoment { idle.withMoment.append(box) } else { idle.plain.append(box) }
    }
  }

  private func moment() throws(WorkflowError) -> String {
    if let known = idle.withLock({ $0.moment }) { return known }
    let remedy = "install the package `libjs-moment` (moment.js) and run the bootstrap again"
    guard let momentFile else {
      throw WorkflowError(
        .template,
        "`moment` is not available: moment.js was not found",
        hint: remedy
      )
    }
    do {
      let source = try String(contentsOfFile: momentFile, encoding: .utf8)
      idle.withLock { $0.moment = source }
      return source
    } catch {
      throw WorkflowError(
        .template,
        "`moment` is not available: `\(momentFile)` cannot be read",
        hint: remedy,
        cause: error
      )
    }
  }
}
