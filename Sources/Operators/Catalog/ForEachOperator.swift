import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `for_each>`: runs `_do` for each combination of values; the last name varies fastest.
///
/// ```yaml
/// +fruits:
///   for_each>:
///     fruit: [apple, orange]
///     verb: [eat, throw]
///   _do:
///     echo>: ${verb} the ${fruit}
/// ```
/// The value is a map of lists, or JSON text of one; a list may be JSON text too. Values keep their type.
public struct ForEachOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  /// One variable's part of an iteration.
  private struct Binding {
    let name: String
    let nameIndex: Int
    let value: Value
    let valueIndex: Int
  }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let parameters = context.parameters
    let map = try parameters.required(try parameters.objectOrJSON("_command"), "_command")
    let iterations = Iterations(kind: "for_each", context: context)
    let combinations = try combinations(of: map, iterations)
    let group = try iterations.group(count: combinations.count) { position in
      (name(combinations[position]), export(combinations[position]))
    }
    return .done(TaskResult(subtasks: group))
  }

  /// The cross product.
  ///
  /// As in digdag an empty list drops what was combined so far: the names behind it form the
  /// product alone, and when it is the last there is none.
  private func combinations(of map: ObjectValue, _ iterations: Iterations) throws -> [[Binding]] {
    let lists = Parameters(map, task: iterations.context.taskName)
    var product: [[Binding]] = []
    for (nameIndex, name) in map.keys.enumerated() {
      let values = try lists.required(try lists.listOrJSON(name), name)
      let bindings = values.enumerated().map {
        Binding(name: name, nameIndex: nameIndex, value: $1, valueIndex: $0)
      }
      let (count, isOver) = max(1, product.count).multipliedReportingOverflow(by: bindings.count)
      guard !isOver, count <= iterations.context.taskLimit else { throw iterations.tooMany() }
      product =
        product.isEmpty
        ? bindings.map { [$0] } : product.flatMap { left in bindings.map { left + [$0] } }
    }
    return product
  }

  private func name(_ bindings: [Binding]) -> String {
    "+for-"
      + bindings.map {
        "\($0.nameIndex)=\(encoded($0.name))=\($0.valueIndex)=\(encoded($0.value.text))"
      }
      .joined(separator: "&")
  }

  /// The first 8 characters, encoded as in a URL.
  private func encoded(_ text: String) -> String {
    var allowed = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    )
    allowed.insert(charactersIn: ".-*_")
    let cut = String(text.prefix(8))
    return cut.addingPercentEncoding(withAllowedCharacters: allowed) ?? cut
  }

  private func export(_ bindings: [Binding]) -> ObjectValue {
    ObjectValue(bindings.map { ($0.name, $0.value) })
  }
}
