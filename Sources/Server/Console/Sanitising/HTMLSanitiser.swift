/// Makes the HTML of a notebook harmless: only elements and attributes of a list come out, written anew.
///
/// No element that comes out holds anything but markup and text (no `script`, `style`, `textarea`, `svg`, `math`, `template`),
/// so that a browser reads what was written here as it was meant. Text is kept, except inside of elements that are
/// no part of what is read.
struct HTMLSanitiser {
  /// HTML that may be shown.
  struct Output: Sendable, Hashable {
    let source: String

    fileprivate init(_ source: String) { self.source = source }
  }

  /// Elements nested deeper are left out, their text stays.
  private static let deepest = 200

  private var tokens: HTMLTokeniser
  private var result = ""
  private var open: [String] = []
  /// The element whose content is left out, and how often it is nested in itself.
  private var dropped: (name: String, depth: Int)?

  /// Cleans a document or a part of one.
  static func clean(_ html: [UInt8]) -> Output {
    var sanitiser = HTMLSanitiser(tokens: HTMLTokeniser(html))
    return sanitiser.run()
  }

  static func clean(_ html: String) -> Output { clean(Array(html.utf8)) }

  private init(tokens: HTMLTokeniser) { self.tokens = tokens }

  private mutating func run() -> Output {
    while let token = tokens.next() {
      switch token {
      case .comment: break
      case .text(let bytes):
        if dropped == nil { result += CharacterReferences.escapedText(bytes) }
      case .start(let name, let attributes): start(name, attributes)
      case .end(let name): end(name)
      }
    }
    while let name = open.popLast() { result += "</\(name)>" }
    return Output(result)
  }

  private mutating func start(_ name: String, _ attributes: [HTMLToken.RawAttribute]) {
    if let current = dropped {
      if current.name == name { dropped = (name, current.depth + 1) }
      if AllowedMarkup.rawText.contains(name) { tokens.skipRawText(of: name) }
      return
    }
    if name == "plaintext" { return tokens.skipAll() }
    if AllowedMarkup.rawText.contains(name) { return tokens.skipRawText(of: name) }
    if AllowedMarkup.withoutContent.contains(name) {
      dropped = (name, 1)
      return
    }
    guard AllowedMarkup.elements.contains(name) else { return }
    let isVoid = AllowedMarkup.void.contains(name)
    guard isVoid || open.count < Self.deepest else { return }
    result += "<" + name
    for attribute in attributes {
      let value = CharacterReferences.decoded(attribute.value)
      guard let kept = AllowedMarkup.value(value, of: attribute.name, on: name) else { continue }
      result += " " + attribute.name + "=\"" + EscapedText.attribute(kept) + "\""
    }
    if name == "a" { result += " rel=\"noopener noreferrer nofollow\"" }
    result += ">"
    if !isVoid { open.append(name) }
  }

  private mutating func end(_ name: String) {
    if let current = dropped {
      guard current.name == name else { return }
      dropped = current.depth > 1 ? (name, current.depth - 1) : nil
      return
    }
    guard let place = open.lastIndex(of: name) else { return }
    while open.count > place { result += "</\(open.removeLast())>" }
  }
}
