/// A piece of a page: text is escaped on its way in, and only constants of ours are taken as they are.
struct HTML: Sendable, Hashable {
  private(set) var source: String

  static let empty = HTML(source: "")

  private init(source: String) { self.source = source }

  /// Text as it is to be read.
  init(_ text: String) { source = EscapedText.content(text) }

  /// Markup that stands in our code.
  init(constant: StaticString) { source = "\(constant)" }

  /// What ``HTMLSanitiser`` let through.
  init(_ sanitised: HTMLSanitiser.Output) { source = sanitised.source }

  var isEmpty: Bool { source.isEmpty }

  mutating func append(_ other: HTML) { source += other.source }

  /// An element; elements without content are those that HTML knows as void.
  static func element(_ name: StaticString, _ attributes: [Attribute?], _ content: HTML) -> HTML {
    let name = "\(name)"
    var source = "<" + name
    for attribute in attributes {
      if let attribute { source += " " + attribute.source }
    }
    source += ">"
    guard !void.contains(name) else { return HTML(source: source) }
    return HTML(source: source + content.source + "</" + name + ">")
  }

  private static let void: Set<String> = [
    "br", "hr", "img", "input", "link", "meta", "col", "wbr",
  ]
}

/// Makes an element: `tag("p", .class("note")) { "text" }`.
func tag(
  _ name: StaticString,
  _ attributes: Attribute?...,
  @HTMLBuilder content: () -> HTML = { .empty }
) -> HTML {
  .element(name, attributes, content())
}

/// Joins what stands in the braces of ``tag(_:_:content:)``; strings are text.
@resultBuilder
enum HTMLBuilder {
  static func buildExpression(_ html: HTML) -> HTML { html }
  static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }
  static func buildExpression(_ text: String) -> HTML { HTML(text) }
  static func buildBlock(_ parts: HTML...) -> HTML { join(parts) }
  static func buildArray(_ parts: [HTML]) -> HTML { join(parts) }
  static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
  static func buildEither(first: HTML) -> HTML { first }
  static func buildEither(second: HTML) -> HTML { second }

  private static func join(_ parts: [HTML]) -> HTML {
    var whole = HTML.empty
    for part in parts { whole.append(part) }
    return whole
  }
}
