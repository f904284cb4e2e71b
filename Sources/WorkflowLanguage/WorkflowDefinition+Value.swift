public import Values

extension WorkflowDefinition {
  /// The definition as a value, for whoever stores it; equal definitions give equal values.
  public var value: Value {
    var keys: ObjectValue = [
      "name": .string(name), "file": .string(file), "timezone": .string(timezone),
    ]
    keys["schedule"] = schedule.map { .object($0) }
    keys["sla"] = sla.map { .object($0) }
    keys["tasks"] = root.value
    return .object(keys)
  }

  /// - Throws: ``WorkflowError`` `structure` for what is no stored definition.
  public init(_ value: Value) throws(WorkflowError) {
    guard let keys = value.object, let name = keys["name"]?.string,
      let file = keys["file"]?.string, let timezone = keys["timezone"]?.string
    else {
      throw WorkflowError(.structure, "a stored workflow cannot be read: its name is missing")
    }
    self.init(
      name: name,
      file: file,
      timezone: timezone,
      schedule: keys["schedule"]?.object,
      sla: keys["sla"]?.object,
      root: try TaskNode(keys["tasks"] ?? .null)
    )
  }
}
