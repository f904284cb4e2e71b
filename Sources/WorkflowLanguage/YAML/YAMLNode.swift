import Values

/// A part of a YAML document with the place of every key and value.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    case scalar(Value)
    case list([YAMLNode])
    case map([YAMLEntry])
  }

  let content: Content
  /// nil for a node that no file holds.
  let location: SourceLocation?
  /// True for a scalar without quotes.
  let isPlain: Bool
  /// The text of a plain scalar that begins with a superfluous zero, as `017`; nil for everything else.
  let written: String?
  /// How many nodes there are, this one included; an alias counts as what it stands for.
  let size: Int
  /// How many levels lie below.
  let height: Int
  /// True where an `!include` waits here or below.
  let hasInclude: Bool

  init(
    _ content: Content,
    at location: SourceLocation?,
    isPlain: Bool = false,
    written: String? = nil
  ) {
    self.content = content
    self.location = location
    self.isPlain = isPlain
    self.written = written
    switch content {
    case .scalar:
      (size, height, hasInclude) = (1, 0, false)
    case .list(let items):
      size = items.reduce(1) { $0 + $1.size }
      height = items.reduce(0) { max($0, $1.height + 1) }
      hasInclude = items.contains { $0.hasInclude }
    case .map(let entries):
      size = entries.reduce(1) { $0 + $1.value.size }
      height = entries.reduce(0) { max($0, $1.value.height + 1) }
      hasInclude = entries.contains { $0.isInclude || $0.value.hasInclude }
    }
  }

  /// Gives a value without a text its places back where they are known.
  ///
  /// - Parameters:
  ///   - value: what to wrap.
  ///   - location: the place for everything that `places` does not know.
  ///   - places: places of keys by their path, joined by `/`.
  ///   - path: the path of `value` itself, closed by `/` unless empty.
  init(
    _ value: Value,
    at location: SourceLocation?,
    places: [String: SourceLocation] = [:],
    path: String = ""
  ) {
    switch value {
    case .object(let members):
      let entries = members.map { key, member in
        let place = places[path + key] ?? location
        return YAMLEntry(
          key: key,
          location: place,
          value: YAMLNode(member, at: place, places: places, path: path + key + "/")
        )
      }
      self.init(.map(entries), at: location)
    case .array(let elements):
      let items = elements.enumerated().map { index, element in
        YAMLNode(element, at: location, places: places, path: path + "\(index)/")
      }
      self.init(.list(items), at: location)
    case .null, .bool, .int, .double, .string:
      self.init(.scalar(value), at: location)
    }
  }

  /// The bare value; an `!include` that was never followed is left out.
  var value: Value {
    switch content {
    case .scalar(let value): value
    case .list(let items): .array(items.map(\.value))
    case .map(let entries):
      .object(ObjectValue(entries.filter { !$0.isInclude }.map { ($0.key, $0.value.value) }))
    }
  }

  /// The entries of a map; nil for anything else.
  var entries: [YAMLEntry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  var isNull: Bool {
    if case .scalar(.null) = content { true } else { false }
  }

  /// The places of all keys below, by path as ``init(_:at:places:path:)`` reads them.
  func places(under path: String = "") -> [String: SourceLocation] {
    var places: [String: SourceLocation] = [:]
    collectPlaces(under: path, into: &places)
    return places
  }

  private func collectPlaces(under path: String, into places: inout [String: SourceLocation]) {
    switch content {
    case .scalar: break
    case .list(let items):
      for (index, item) in items.enumerated() {
        item.collectPlaces(under: path + "\(index)/", into: &places)
      }
    case .map(let entries):
      for entry in entries {
        places[path + entry.key] = entry.location
        entry.value.collectPlaces(under: path + entry.key + "/", into: &places)
      }
    }
  }
}

/// A key of a map with its value.
struct YAMLEntry: Sendable {
  let key: String
  let location: SourceLocation?
  let value: YAMLNode
  /// True for `!include : path`, whose value is the path.
  let isInclude: Bool

  init(key: String, location: SourceLocation?, value: YAMLNode, isInclude: Bool = false) {
    self.key = key
    self.location = location
    self.value = value
    self.isInclude = isInclude
  }
}
