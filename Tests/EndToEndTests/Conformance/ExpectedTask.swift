import Values

/// What the report must say of the last task of a name.
struct ExpectedTask {
  static let keys: Set = [
    "state", "upstreams", "store", "export", "error", "error_is", "retry_count", "count",
  ]

  let name: String
  let expected: ObjectValue

  /// Compares with what came of the tasks of the name.
  ///
  /// - Parameter tasks: in order of ids.
  /// - Returns: what differs, one sentence each.
  func differences(from tasks: [ObjectValue]) -> [String] {
    guard let task = tasks.last else { return ["\(name) does not exist"] }
    var found: [String] = []
    for (key, wanted) in expected {
      let actual = actual(key, in: task, count: tasks.count)
      if !agrees(key, wanted, actual) {
        found.append("`\(key)` of \(name) must be \(wanted), is \(actual)")
      }
    }
    return found
  }

  private func actual(_ key: String, in task: ObjectValue, count: Int) -> Value {
    switch key {
    case "count": .int(Int64(count))
    case "error", "error_is": task[path: ["error", "message"]] ?? .null
    default: task[key] ?? .null
    }
  }

  private func agrees(_ key: String, _ wanted: Value, _ actual: Value) -> Bool {
    switch key {
    case "error":
      wanted.isNull ? actual.isNull : actual.string?.contains(wanted.text) == true
    case "store", "export": wanted == [:] ? actual == [:] : actual.includes(wanted)
    default: wanted == actual
    }
  }
}

extension Value {
  /// True when everything in another value is here, too; maps may hold more.
  func includes(_ other: Value) -> Bool {
    guard case .object(let wanted) = other else { return self == other }
    guard case .object(let mine) = self else { return false }
    return wanted.allSatisfy { key, value in mine[key]?.includes(value) == true }
  }
}
