import Values

/// A dotted name such as `td.last_results.auc`: most expressions are one, and need no engine.
struct PlainName {
  private let names: [Substring]

  /// Nil when the expression is anything else, or begins with a word that means something else to JavaScript.
  init?(_ expression: String) {
    let trimmed = expression.utf8.drop(while: PlainName.isBlank)
    guard let end = trimmed.lastIndex(where: { !PlainName.isBlank($0) }) else { return nil }
    let text = Substring(trimmed[...end])
    let names = text.split(separator: ".", omittingEmptySubsequences: false)
    guard names.allSatisfy(PlainName.isName), let first = names.first,
      !PlainName.reserved.contains(String(first))
    else { return nil }
    self.names = names
  }

  /// The name that the others are fields of.
  var first: String { String(names[0]) }

  /// What JavaScript would give as text, or nil when only the engine can tell: unknown names, fields of anything but
  /// objects, and inherited fields such as `constructor`.
  func text(in scope: TemplateScope) -> String? {
    guard let first = names.first, var value = scope[String(first)] else { return nil }
    for (index, name) in names.enumerated().dropFirst() {
      guard case .object(let object) = value else { return nil }
      if let member = object[String(name)] {
        value = member
      } else {
        let isLast = index == names.count - 1
        return isLast && !PlainName.inherited.contains(String(name)) ? "" : nil
      }
    }
    return JavaScriptText.template(value)
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
        true
      default: false
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
  }

  private static let reserved: Set<String> = [
    "arguments", "async", "await", "break", "case", "catch", "class", "const", "continue",
    "debugger", "default", "delete", "do", "else", "enum", "export", "extends", "false", "finally",
    "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new",
    "null", "package", "private", "protected", "public", "return", "static", "super", "switch",
    "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
  ]

  private static let inherited: Set<String> = [
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
    "toString", "valueOf", "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__",
    "__lookupSetter__",
  ]
}
