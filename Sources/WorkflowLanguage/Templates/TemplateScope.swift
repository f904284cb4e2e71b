import Values

/// The names an expression sees: the raw parameters, and above them what was evaluated before it.
struct TemplateScope {
  let raw: ObjectValue
  /// The map that is being evaluated, in its order.
  private(set) var map: ObjectValue
  /// How many of its keys are evaluated; the others are not seen.
  private var visited = 0

  init(_ raw: ObjectValue, evaluating map: ObjectValue = [:]) {
    self.raw = raw
    self.map = map
  }

  subscript(name: String) -> Value? {
    if let position = map.position(of: name), position < visited { return map.values[position] }
    return raw[name]
  }

  /// The key and the raw value whose turn it is; nil at the end.
  var next: (key: String, value: Value)? {
    visited < map.count ? (map.keys[visited], map.values[visited]) : nil
  }

  /// Leaves the present value as it is and goes on to the next key.
  mutating func keep() { visited += 1 }

  /// Puts what the present value was evaluated to in its place and goes on to the next key.
  mutating func replace(with value: Value) {
    map.replaceValue(at: visited, with: value)
    visited += 1
  }

  /// Every name, each once.
  var names: [String] { raw.keys + map.keys.prefix(visited).filter { raw[$0] == nil } }

  /// The entries that an expression may reach by the words in it.
  func entries(for words: TemplateWords) -> ObjectValue {
    let reached = words.reachEverything ? names : words.list
    var entries = ObjectValue()
    for name in reached { entries[name] = self[name] }
    return entries
  }
}

/// The words of some expressions that may be names, quoted or not: only these parameters are handed to the engine.
struct TemplateWords {
  private(set) var list: [String] = []
  private(set) var reachEverything = false
  private var seen: Set<String> = []

  init(_ expressions: [String]) {
    for expression in expressions {
      for word in expression.utf8.split(whereSeparator: { !TemplateWords.isPart($0) }) {
        add(String(decoding: word, as: UTF8.self))
      }
      // why: `\u0061` spells a name too
      if expression.contains("\\u") { reachEverything = true }
    }
  }

  func contains(_ word: String) -> Bool { seen.contains(word) }

  private mutating func add(_ word: String) {
    guard seen.insert(word).inserted else { return }
    list.append(word)
    // why: code made from text can spell any name; other ways to run code do not see the parameters
    if word == "eval" { reachEverything = true }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }
}
