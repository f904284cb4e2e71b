public import Values

extension TemplateEngine {
  /// Evaluates everything a task sees: the merged parameters and, on top, its local keys.
  ///
  /// Keys are visited in order; a local key that exists among the parameters keeps the position there. A value sees the raw
  /// parameters without the local keys, overlaid with the keys evaluated before it; inside a nested map it sees the raw
  /// parameters overlaid with the earlier keys of that map only. `_do` and `_else_do` stay as they are at any depth.
  /// - Parameters:
  ///   - local: the raw keys of the task, without `_check`, `_error` and `_export`.
  ///   - parameters: the raw merged map, with built-in variables and the task's own export.
  ///   - timezone: the zone of the workflow.
  ///   - verbatim: top-level keys that stay as they are: a message that quotes a template is no template.
  /// - Returns: the merged map with every template replaced by text.
  /// - Throws: ``WorkflowError`` `template` for the first value that cannot be evaluated, used or not.
  public func evaluate(
    local: ObjectValue,
    parameters: ObjectValue,
    timezone: String,
    verbatim: Set<String> = []
  ) throws(WorkflowError) -> ObjectValue {
    try map(parameters.merging(local), raw: parameters, timezone, verbatim: verbatim)
  }

  private func map(
    _ map: ObjectValue,
    raw: ObjectValue,
    _ timezone: String,
    verbatim: Set<String> = []
  ) throws(WorkflowError) -> ObjectValue {
    var scope = TemplateScope(raw, evaluating: map)
    while let (key, value) = scope.next {
      let isLater = key == "_do" || key == "_else_do" || verbatim.contains(key)
      if isLater || !Self.mayHoldTemplate(value) {
        scope.keep()
      } else {
        scope.replace(with: try self.value(value, in: scope, timezone))
      }
    }
    return scope.map
  }

  /// False for what evaluation leaves as it is: most parameters of a large workflow are plain.
  private static func mayHoldTemplate(_ value: Value) -> Bool {
    switch value {
    case .null, .bool, .int, .double: false
    case .string(let text): text.utf8.contains(UInt8(ascii: "$"))
    case .array(let elements): elements.contains(where: mayHoldTemplate)
    case .object(let members): members.values.contains(where: mayHoldTemplate)
    }
  }

  private func value(
    _ value: Value,
    in scope: TemplateScope,
    _ timezone: String
  ) throws(WorkflowError) -> Value {
    switch value {
    case .string(let text): return .string(try evaluate(text, in: scope, timezone: timezone))
    case .object(let members): return .object(try map(members, raw: scope.raw, timezone))
    case .array(let elements):
      var evaluated: [Value] = []
      evaluated.reserveCapacity(elements.count)
      for element in elements {
        evaluated.append(try self.value(element, in: scope, timezone))
      }
      return .array(evaluated)
    case .null, .bool, .int, .double: return value
    }
  }
}
