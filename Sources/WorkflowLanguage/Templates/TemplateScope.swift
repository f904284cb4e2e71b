import Values

/// The names an expression sees: the raw parameters, and above them what was evaluated before it.
struct TemplateScope {
  let raw: ObjectValue
  private(set) var evaluated: ObjectValue

  init(_ raw: ObjectValue) {
    self.raw = raw
    evaluated = [:]
  }

  subscript(name: String) -> Value? {
    get { evaluated[name] ?? raw[name] }
  }

  mutating func add(_ value: Value, named name: String) { evaluated[name] = value }

  /// Every name, each once.
  var names: [String] { raw.keys + evaluated.keys.filter { raw[$0] == nil } }

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
