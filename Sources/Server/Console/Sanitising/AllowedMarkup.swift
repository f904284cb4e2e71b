/// What may be in the HTML of a notebook.
enum AllowedMarkup {
  static let elements: Set<String> = [
    "a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li",
    "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
    "wbr",
  ]

  static let void: Set<String> = ["br", "col", "hr", "img", "wbr"]

  /// Elements whose content a browser does not read as markup.
  static let rawText: Set<String> = [
    "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title",
  ]

  /// Elements that go with all that is in them.
  static let withoutContent: Set<String> = [
    "svg", "math", "template", "object", "applet", "select", "audio", "video", "canvas",
    "frameset", "datalist", "map", "dialog", "portal", "fencedframe",
  ]

  /// What an attribute comes out with; nil leaves it out.
  static func value(_ value: String, of attribute: String, on element: String) -> String? {
    switch (attribute, element) {
    case ("class", _): words(value)
    case ("id", _): identifier(value)
    case ("title", _), ("alt", "img"): String(value.prefix(1000))
    case ("lang", _): words(value)
    case ("dir", _): ["ltr", "rtl", "auto"].contains(value) ? value : nil
    case ("style", _): StyleDeclarations.clean(value)
    case ("href", "a"): link(value)
    case ("src", "img"): image(value)
    case ("width", "img"), ("height", "img"), ("border", "table"), ("start", "ol"): number(value)
    case ("colspan", "td"), ("colspan", "th"), ("rowspan", "td"), ("rowspan", "th"),
      ("span", "col"), ("span", "colgroup"):
      number(value)
    case ("align", _): ["left", "right", "center"].contains(value) ? value : nil
    case ("scope", "th"): ["row", "col"].contains(value) ? value : nil
    case ("open", "details"): ""
    default: nil
    }
  }

  private static func words(_ value: String) -> String? {
    let isPlain =
      value.utf8.count <= 500
      && value.utf8.allSatisfy { isNameByte($0) || $0 == 0x20 || $0 == 0x0a }
    return isPlain ? value : nil
  }

  /// Names get a beginning of their own, so that they meet none of ours.
  private static func identifier(_ value: String) -> String? {
    guard !value.isEmpty, value.utf8.count <= 200, value.utf8.allSatisfy(isNameByte) else {
      return nil
    }
    return "nb-" + value
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2d
      || byte == 0x5f
  }

  private static func number(_ value: String) -> String? {
    guard (1...5).contains(value.utf8.count), let number = Int(value), number >= 0 else {
      return nil
    }
    return "\(number)"
  }

  /// Web addresses and places of the same page: the scheme is compared as it stands, without what browsers would leave out.
  private static func link(_ value: String) -> String? {
    guard value.utf8.count <= 4000, value.unicodeScalars.allSatisfy({ $0.value > 0x20 }) else {
      return nil
    }
    if value.hasPrefix("#") { return identifier(String(value.dropFirst())).map { "#" + $0 } }
    let lower = value.lowercased()
    let isWeb = ["https://", "http://", "mailto:"].contains { lower.hasPrefix($0) }
    return isWeb ? value : nil
  }

  /// Only pictures that are part of the page, of kinds that are no documents.
  private static func image(_ value: String) -> String? {
    let kinds = ["png", "jpeg", "gif", "webp"]
    guard let kind = kinds.first(where: { value.hasPrefix("data:image/\($0);base64,") }) else {
      return nil
    }
    let data = value.utf8.dropFirst("data:image/\(kind);base64,".utf8.count)
    let isBase64 = data.allSatisfy { byte in
      (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2b
        || byte == 0x2f || byte == 0x3d || byte == 0x0a
    }
    return isBase64 ? value : nil
  }
}

/// The declarations of a `style` attribute.
enum StyleDeclarations {
  private static let properties: Set<String> = [
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left",
    "border-right", "border-top", "color", "font-size", "font-style", "font-weight", "margin-left",
    "max-width", "min-width", "padding", "padding-left", "text-align", "text-decoration",
    "vertical-align", "white-space", "width",
  ]

  /// Known properties with values of letters, digits and a few signs; functions are colours only, so that nothing is fetched.
  static func clean(_ style: String) -> String? {
    guard style.utf8.count <= 4000 else { return nil }
    let kept = style.split(separator: ";").compactMap { declaration in
      let parts = declaration.split(separator: ":", maxSplits: 1).map { trimmed($0) }
      return parts.count == 2 && properties.contains(parts[0]) && isPlain(parts[1])
        ? "\(parts[0]): \(parts[1])" : nil
    }
    return kept.isEmpty ? nil : kept.joined(separator: "; ")
  }

  private static func isPlain(_ value: String) -> Bool {
    let signs: Set<Unicode.Scalar> = ["#", "%", ".", ",", "-", " ", "(", ")"]
    guard !value.isEmpty, value.utf8.count <= 100 else { return false }
    let isKnown = value.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        || signs.contains(scalar)
    }
    guard isKnown else { return false }
    let rest = ["rgba(", "rgb(", "hsla(", "hsl("].reduce(value) { $0.replacing($1, with: "") }
    return !rest.contains("(")
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
