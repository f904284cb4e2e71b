/// An ordered map from text to ``Value``: a key keeps the position of its first insertion.
///
/// Look-up is linear up to eight entries and hashed above.
public struct ObjectValue: Sendable {
  /// The keys in order.
  public private(set) var keys: [String] = []
  private var slots: [Value] = []
  private var index: [String: Int]?

  public init() {}

  /// Takes the entries in order; a repeated key keeps its first position and its last value.
  public init(_ entries: [(String, Value)]) {
    for (key, value) in entries { self[key] = value }
  }

  public var count: Int { keys.count }
  public var isEmpty: Bool { keys.isEmpty }
  /// The values in the order of their keys.
  public var values: [Value] { slots }

  /// The value of a key; setting nil removes the key.
  public subscript(key: String) -> Value? {
    get { position(of: key).map { slots[$0] } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?): slots[position] = value
      case (let position?, nil): remove(at: position)
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  /// Gives the key at a position another value.
  public mutating func replaceValue(at position: Int, with value: Value) {
    slots[position] = value
  }

  /// The value at a path of keys, as in `td.last_results`; nil where any step is missing.
  public subscript(path path: [String]) -> Value? {
    guard let first = path.first, let value = self[first] else { return nil }
    return path.count == 1 ? value : value.object?[path: Array(path.dropFirst())]
  }

  /// Sets a value at a path of keys, making the objects on the way.
  public mutating func set(_ value: Value, at path: [String]) {
    guard let first = path.first else { return }
    guard path.count > 1 else {
      self[first] = value
      return
    }
    var inner = self[first]?.object ?? ObjectValue()
    inner.set(value, at: Array(path.dropFirst()))
    self[first] = .object(inner)
  }

  /// Removes the value at a path of keys; the objects on the way stay.
  public mutating func remove(at path: [String]) {
    guard let first = path.first else { return }
    guard path.count > 1 else {
      self[first] = nil
      return
    }
    guard var inner = self[first]?.object else { return }
    inner.remove(at: Array(path.dropFirst()))
    self[first] = .object(inner)
  }

  /// Merges deeply: an object that meets an object is merged key by key, anything else replaces.
  public mutating func merge(_ other: ObjectValue) {
    for (key, value) in other {
      if case .object(let theirs) = value, case .object(var ours)? = self[key] {
        ours.merge(theirs)
        self[key] = .object(ours)
      } else {
        self[key] = value
      }
    }
  }

  /// A copy with another object merged into it.
  public func merging(_ other: ObjectValue) -> ObjectValue {
    var copy = self
    copy.merge(other)
    return copy
  }

  /// Where a key stands in the order.
  public func position(of key: String) -> Int? {
    if let index { index[key] } else { keys.firstIndex(of: key) }
  }

  private mutating func append(_ key: String, _ value: Value) {
    keys.append(key)
    slots.append(value)
    if index != nil {
      index?[key] = keys.count - 1
    } else if keys.count > 8 {
      reindex()
    }
  }

  private mutating func remove(at position: Int) {
    keys.remove(at: position)
    slots.remove(at: position)
    if keys.count > 8 { reindex() } else { index = nil }
  }

  private mutating func reindex() {
    index = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
  }
}

extension ObjectValue: Hashable {
  /// Equal when keys, values and the order of the keys are equal.
  public static func == (left: ObjectValue, right: ObjectValue) -> Bool {
    left.keys == right.keys && left.slots == right.slots
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(keys)
    hasher.combine(slots)
  }
}

extension ObjectValue: Sequence {
  public func makeIterator() -> Zip2Sequence<[String], [Value]>.Iterator {
    zip(keys, slots).makeIterator()
  }
}

extension ObjectValue: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
