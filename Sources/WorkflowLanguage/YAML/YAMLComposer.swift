import Values

/// Builds the tree of one YAML document from events.
///
/// What breaks the syntax ends the document; duplicate keys and the like are collected, and the rest is read.
struct YAMLComposer: ~Copyable {
  /// The deepest nesting that is read.
  static let maximumDepth = 200
  /// How many nodes one document may have, aliases counted as what they stand for.
  static let maximumNodes = 1_000_000

  private enum Anchor {
    /// Its node is still being read.
    case open
    case node(YAMLNode)
  }

  private let file: String
  private let text: String
  private var events: YAMLEventReader
  private var anchors: [String: Anchor] = [:]
  private var nodes = 0
  private(set) var problems: [WorkflowError] = []

  init(text: String, file: String) throws(WorkflowError) {
    self.file = file
    self.text = text
    do {
      events = try YAMLEventReader(Array(text.utf8))
    } catch {
      throw WorkflowError(.yaml, error.message)
    }
  }

  /// The only document of the text; nil where the text holds none.
  mutating func document() throws(WorkflowError) -> YAMLNode? {
    _ = try next()
    var event = try next()
    guard case .documentStart = event.kind else { return nil }
    let root = try node(try next(), depth: 0)
    _ = try next()
    event = try next()
    if case .documentStart = event.kind {
      throw WorkflowError(
        .yaml,
        "expected one YAML document, found a second one",
        at: place(event),
        hint: "remove the line `---`"
      )
    }
    return root
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(WorkflowError) -> YAMLNode {
    guard depth < Self.maximumDepth else {
      throw WorkflowError(
        .yaml,
        "nested deeper than \(Self.maximumDepth) levels",
        at: place(event)
      )
    }
    if case .alias(let name) = event.kind {
      return try alias(name, event, depth: depth)
    }
    try spend(1, at: event)
    if let anchor = event.anchor { anchors[anchor] = .open }
    let node: YAMLNode
    switch event.kind {
    case .scalar(let text, let isPlain): node = scalar(text, isPlain: isPlain, event)
    case .listStart: node = try list(event, depth: depth)
    case .mapStart: node = try map(event, depth: depth)
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .alias, .listEnd, .mapEnd:
      throw WorkflowError(.yaml, "expected a value", at: place(event))
    }
    if let anchor = event.anchor { anchors[anchor] = .node(node) }
    return node
  }

  private mutating func alias(
    _ name: String,
    _ event: YAMLEvent,
    depth: Int
  ) throws(WorkflowError) -> YAMLNode {
    switch anchors[name] {
    case .node(let node):
      try spend(node.size, at: event)
      guard depth + node.height < Self.maximumDepth else {
        throw WorkflowError(
          .yaml,
          "nested deeper than \(Self.maximumDepth) levels through `*\(name)`",
          at: place(event)
        )
      }
      return node
    case .open:
      throw WorkflowError(
        .yaml,
        "`*\(name)` stands inside of what `&\(name)` names",
        at: place(event)
      )
    case nil:
      throw WorkflowError(
        .yaml,
        "`*\(name)` names no anchor above",
        at: place(event),
        hint: "quote a value that begins with `*`, as `'*\(name)'`"
      )
    }
  }

  private mutating func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) -> YAMLNode {
    let location = place(event)
    guard let tag = event.tag else {
      let value = isPlain ? YAMLScalar.value(ofPlain: text) : .string(text)
      let written = isPlain && YAMLScalar.hasLeadingZero(text) ? text : nil
      return YAMLNode(.scalar(value), at: location, isPlain: isPlain, written: written)
    }
    if let value = YAMLScalar.value(of: text, tag: tag) {
      return YAMLNode(.scalar(value), at: location)
    }
    let shown = tag.replacing("tag:yaml.org,2002:", with: "!!")
    problems.append(
      WorkflowError(
        .yaml,
        "could not determine a constructor for the tag `\(shown)` of `\(text)`",
        at: location,
        hint: tag.hasPrefix("!include")
          ? "an include is a key with a blank before the colon: `!include : \(text)`" : nil
      )
    )
    return YAMLNode(.scalar(.string(text)), at: location)
  }

  private mutating func list(_ start: YAMLEvent, depth: Int) throws(WorkflowError) -> YAMLNode {
    checkTag(start, "seq")
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if case .listEnd = event.kind { return YAMLNode(.list(items), at: place(start)) }
      items.append(try node(event, depth: depth + 1))
    }
  }

  private mutating func map(_ start: YAMLEvent, depth: Int) throws(WorkflowError) -> YAMLNode {
    checkTag(start, "map")
    var entries = YAMLMapEntries()
    while true {
      let event = try next()
      if case .mapEnd = event.kind { break }
      let key = try key(event, depth: depth)
      let value = try node(try next(), depth: depth + 1)
      switch key {
      case .merge:
        let location = place(event)
        if let problem = entries.merge(value, at: location) { problems.append(problem) }
      case .include:
        entries.include(
          YAMLEntry(key: "!include", location: place(event), value: value, isInclude: true)
        )
      case .text(let name):
        let entry = YAMLEntry(key: name, location: place(event), value: value)
        if let problem = entries.add(entry) { problems.append(problem) }
      }
    }
    return YAMLNode(.map(entries.entries), at: place(start))
  }

  private enum Key {
    case text(String)
    case include
    case merge
  }

  private mutating func key(_ event: YAMLEvent, depth: Int) throws(WorkflowError) -> Key {
    if case .scalar(let text, let isPlain) = event.kind, isPlain {
      if event.tag == "!include" {
        if !text.isEmpty {
          problems.append(
            WorkflowError(
              .include,
              "`!include \(text)` is no include",
              at: place(event),
              hint: "write `!include : \(text)`, with a blank on both sides of the colon"
            )
          )
        }
        return .include
      }
      if event.tag == nil, text == "<<" { return .merge }
      if event.tag == nil, text.contains("."), YAMLScalar.value(ofPlain: text).double != nil {
        return .text(text)
      }
    }
    let node = try node(event, depth: depth + 1)
    guard case .scalar(let value) = node.content else { return .text(node.value.keyText) }
    if value.isNull {
      problems.append(
        WorkflowError(.yaml, "expected a key before `:`, found nothing", at: place(event))
      )
      return .text("")
    }
    return .text(value.text)
  }

  private mutating func checkTag(_ event: YAMLEvent, _ kind: String) {
    guard let tag = event.tag, tag != "tag:yaml.org,2002:\(kind)", tag != "!" else { return }
    let shown = tag.replacing("tag:yaml.org,2002:", with: "!!")
    problems.append(
      WorkflowError(
        .yaml,
        "could not determine a constructor for the tag `\(shown)`",
        at: place(event)
      )
    )
  }

  private mutating func spend(_ count: Int, at event: YAMLEvent) throws(WorkflowError) {
    nodes += count
    guard nodes <= Self.maximumNodes else {
      throw WorkflowError(
        .yaml,
        "the document has more than \(Self.maximumNodes) values once its aliases are written out",
        at: place(event)
      )
    }
  }

  private mutating func next() throws(WorkflowError) -> YAMLEvent {
    do {
      return try events.next()
    } catch {
      throw YAMLSyntaxHint.explain(error, text: text, file: file)
    }
  }

  private func place(_ event: YAMLEvent) -> SourceLocation {
    SourceLocation(file: file, line: event.line, column: event.column)
  }
}
