public import Values

/// Tasks as values and back, for whoever stores them; nothing is lost, the places included.
///
/// A task with everything below it is one list: each task before its children, with the number of them.
/// What has its usual value is left out.
extension TaskNode {
  public var value: Value {
    var list: [Value] = []
    append(to: &list)
    return .array(list)
  }

  /// - Throws: ``WorkflowError`` `structure` for what is no stored task.
  public init(_ value: Value) throws(WorkflowError) {
    var rest = (value.array ?? [])[...]
    self = try Self.next(in: &rest)
    guard rest.isEmpty else { throw Self.unreadable("\(rest.count) tasks have no place") }
  }

  private func append(to list: inout [Value]) {
    list.append(.object(ownKeys))
    for child in children { child.append(to: &list) }
  }

  private var ownKeys: ObjectValue {
    var keys: ObjectValue = ["name": .string(name)]
    if case .operation(let type) = kind { keys["type"] = .string(type) }
    if !config.isEmpty { keys["config"] = .object(config) }
    if !export.isEmpty { keys["export"] = .object(export) }
    if case .parallel(let limit) = order {
      keys["parallel"] = limit.map { .int(Int64($0)) } ?? .bool(true)
    }
    if isBackground { keys["background"] = true }
    if !after.isEmpty { keys["after"] = .array(after.map { .string($0) }) }
    if let retry { keys["retry"] = retry }
    if !error.isEmpty { keys["error"] = .array(error.map(\.value)) }
    if let check { keys["check"] = check }
    if !secrets.isEmpty { keys["secrets"] = .object(secrets) }
    if isDisabled { keys["disabled"] = true }
    if let location { keys["at"] = .string("\(location)") }
    if !keyLocations.isEmpty {
      let places = keyLocations.sorted { $0.key < $1.key }
      keys["places"] = .object(
        ObjectValue(places.map { ($0.key, .string($0.value.text(beside: location))) })
      )
    }
    if !children.isEmpty { keys["children"] = .int(Int64(children.count)) }
    return keys
  }

  private static func next(in list: inout ArraySlice<Value>) throws(WorkflowError) -> TaskNode {
    guard let keys = list.popFirst()?.object, let name = keys["name"]?.string else {
      throw unreadable("a task or its name is missing")
    }
    var task = TaskNode(name: name)
    task.kind = keys["type"]?.string.map { .operation(type: $0) } ?? .group
    task.config = keys["config"]?.object ?? [:]
    task.export = keys["export"]?.object ?? [:]
    if let parallel = keys["parallel"] {
      task.order = .parallel(limit: parallel.int.map { Int($0) })
    }
    task.isBackground = keys["background"] == true
    task.after = keys["after"]?.array?.compactMap(\.string) ?? []
    task.retry = keys["retry"]
    for error in keys["error"]?.array ?? [] { task.error.append(try TaskNode(error)) }
    task.check = keys["check"]
    task.secrets = keys["secrets"]?.object ?? [:]
    task.isDisabled = keys["disabled"] == true
    task.location = try keys["at"]?.string.map { text throws(WorkflowError) in
      try SourceLocation(text, beside: nil)
    }
    for (key, place) in keys["places"]?.object ?? [:] {
      task.keyLocations[key] = try SourceLocation(place.text, beside: task.location)
    }
    for _ in 0..<max(0, keys["children"]?.int ?? 0) { task.children.append(try next(in: &list)) }
    return task
  }

  fileprivate static func unreadable(_ what: String) -> WorkflowError {
    WorkflowError(.structure, "a stored task cannot be read: \(what)")
  }
}

extension SourceLocation {
  /// `line:column` in the file of another place, `file:line:column` elsewhere.
  fileprivate func text(beside other: SourceLocation?) -> String {
    other?.file == file ? "\(line):\(column)" : description
  }

  fileprivate init(_ text: String, beside other: SourceLocation?) throws(WorkflowError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let line = Int(parts[parts.count - 2]),
      let column = Int(parts[parts.count - 1]), let file = parts.count > 2 ? "" : other?.file
    else { throw TaskNode.unreadable("`\(text)` is no place in a file") }
    self.init(
      file: parts.count > 2 ? parts.dropLast(2).joined(separator: ":") : file,
      line: line,
      column: column
    )
  }
}
