import Values

/// The entries of one map while it is read: own keys win over merged ones and must not repeat.
struct YAMLMapEntries {
  private(set) var entries: [YAMLEntry] = []
  private var positions: [String: Int] = [:]
  private var own: [String: SourceLocation] = [:]

  /// Adds an own key; a repeated one is refused and the first stays.
  mutating func add(_ entry: YAMLEntry) -> WorkflowError? {
    if let problem = claim(entry.key, at: entry.location) { return problem }
    if let position = positions[entry.key] {
      entries[position] = entry
    } else {
      append(entry)
    }
    return nil
  }

  mutating func include(_ entry: YAMLEntry) { entries.append(entry) }

  /// Adds what `<<` brings: the entries of a map, or of a list of maps of which the first wins.
  mutating func merge(_ value: YAMLNode, at location: SourceLocation) -> WorkflowError? {
    if let problem = claim("<<", at: location) { return problem }
    let sources: [YAMLNode]
    switch value.content {
    case .map: sources = [value]
    case .list(let items): sources = items
    case .scalar: sources = []
    }
    guard !sources.isEmpty, sources.allSatisfy({ $0.entries != nil }) else {
      return WorkflowError(
        .yaml,
        "expected a map or a list of maps behind `<<`, found \(value.value)",
        at: location
      )
    }
    for entry in sources.flatMap({ $0.entries ?? [] }) {
      if entry.isInclude {
        include(entry)
      } else if positions[entry.key] == nil {
        append(entry)
      }
    }
    return nil
  }

  private mutating func append(_ entry: YAMLEntry) {
    positions[entry.key] = entries.count
    entries.append(entry)
  }

  private mutating func claim(_ key: String, at location: SourceLocation?) -> WorkflowError? {
    if let first = own[key] {
      return WorkflowError(
        .duplicateKey,
        "Duplicated keys: [\(key)], first written at \(first)",
        at: location,
        hint: key.hasPrefix("+")
          ? "give one of the two tasks another name" : "remove one of the two"
      )
    }
    own[key] = location
    return nil
  }
}

extension Value {
  /// A map or a list in the place of a key, as Java writes it: `{a=1}`, `[1, 2]`.
  var keyText: String {
    switch self {
    case .null: "null"
    case .string(let text): text
    case .bool, .int, .double: text
    case .array(let elements): "[" + elements.map(\.keyText).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\($0.0)=\($0.1.keyText)" }.joined(separator: ", ") + "}"
    }
  }
}
