import Testing

@testable import Server

@Suite struct HTMLSanitiserTests {
  /// Elements, attributes and values that may come out; everything else is a hole.
  private func hole(in html: String) -> String? {
    var tokens = HTMLTokeniser(Array(html.utf8))
    while let token = tokens.next() {
      switch token {
      case .comment: return "a comment"
      case .text(let bytes):
        if bytes.contains(UInt8(ascii: "<")) { return "a `<` in text" }
      case .end(let name):
        if !AllowedMarkup.elements.contains(name) { return name }
      case .start(let name, let attributes):
        if !AllowedMarkup.elements.contains(name) { return name }
        for attribute in attributes {
          let value = CharacterReferences.decoded(attribute.value)
          if let problem = problem(attribute.name, value) { return "\(name) \(problem)" }
        }
      }
    }
    return nil
  }

  private func problem(_ name: String, _ value: String) -> String? {
    let known: Set<String> = [
      "class", "id", "title", "alt", "lang", "dir", "style", "href", "src", "width", "height",
      "border", "start", "colspan", "rowspan", "span", "align", "scope", "open", "rel",
    ]
    if !known.contains(name) { return name }
    switch name {
    case "href": return value.contains(/^(https?:\/\/|mailto:|#nb-)/.ignoresCase()) ? nil : value
    case "src": return value.hasPrefix("data:image/") ? nil : value
    case "style": return value.contains(/url|expression|\\|@|import|behavior|<|&/) ? value : nil
    default: return nil
    }
  }

  @Test(arguments: XSSPayloads.all)
  func `what wants to run comes out harmless`(payload: String) {
    let clean = HTMLSanitiser.clean(payload).source
    #expect(hole(in: clean) == nil)
    #expect(Balance.problem(in: clean) == nil)
    // Cleaning is done once and for all: what comes out is read as it was written.
    let again = HTMLSanitiser.clean(clean).source
    #expect(again.replacing("nb-nb-", with: "nb-") == clean)
  }

  @Test func `there are at least 80 payloads, all different`() {
    #expect(Set(XSSPayloads.all).count == XSSPayloads.all.count)
    #expect(XSSPayloads.all.count >= 80)
  }

  @Test(arguments: [
    ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"), ("a &amp; b &mdash; c", "a &amp; b &mdash; c"),
    ("1 < 2 & 3", "1 &lt; 2 &amp; 3"), ("<p>a<p>b", "<p>a<p>b</p></p>"), ("</b>x", "x"),
    ("<i>a<b>b</i>c</b>", "<i>a<b>b</b></i>c"),
    ("<td style=\"text-align: right; position:fixed\">", "<td style=\"text-align: right\"></td>"),
    ("<td style='color:rgb(1, 2,3)'>", "<td style=\"color: rgb(1, 2,3)\"></td>"),
    ("<img src=\"data:image/png;base64,iVBO+/=\">", "<img src=\"data:image/png;base64,iVBO+/=\">"),
    ("<h1 id=\"Top\">x</h1>", "<h1 id=\"nb-Top\">x</h1>"),
    (
      "<a href=\"#Top\">x</a>", "<a href=\"#nb-Top\" rel=\"noopener noreferrer nofollow\">x</a>"
    ), ("<title>t</title><style>p{}</style>x", "x"),
    (
      "<table border=1><tr><td colspan=\"2\">",
      "<table border=\"1\"><tr><td colspan=\"2\"></td></tr></table>"
    ),
    ("<form>a<input>b</form>", "ab"), ("<BR/>", "<br>"), ("<!doctype html><html><body>x", "x"),
    ("<svg><p>in</p></svg>out", "out"), ("<svg><svg></svg>in</svg>out", "out"),
  ])
  func `what a notebook shows stays`(html: String, clean: String) {
    #expect(HTMLSanitiser.clean(html).source == clean)
  }

  @Test func `deep nesting is made flat and the text stays`() {
    let html = String(repeating: "<div>", count: 5000) + "x"
    let clean = HTMLSanitiser.clean(html).source
    #expect(clean.components("<div>") == 200)
    #expect(clean.contains("x"))
  }

  @Test func `a long document takes time by its length only`() {
    let html = String(repeating: "<p title='&#x26;'>&lt;<!-- - -->a<b></p>", count: 20_000)
    #expect(HTMLSanitiser.clean(html).source.utf8.count > 400_000)
  }

  @Test func `broken UTF-8 does no harm`() {
    let clean = HTMLSanitiser.clean([0x3c, 0x70, 0x3e, 0xc0, 0xbc, 0xff, 0x3c, 0xfe]).source
    #expect(clean == "<p>\u{fffd}\u{fffd}\u{fffd}&lt;\u{fffd}</p>")
  }

  @Test func `the document around it has nothing that could run`() {
    let document = NotebookDocument.text(HTMLSanitiser.clean("<p onclick=x>hello"))
    #expect(document.contains("<p>hello</p></body>"))
    #expect(!document.contains("script"))
    #expect(!document.contains("url("))
  }
}

extension String {
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
