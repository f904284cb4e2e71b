import Testing

@testable import Server

@Suite struct HTMLTests {
  @Test(arguments: [
    ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"), ("\"x\" 'y'", "&quot;x&quot; &#39;y&#39;"),
    ("plain, 長い, 🦊", "plain, 長い, 🦊"), ("\u{1b}[31m", "␛[31m"), ("a\rb\n", "a␍b\n"),
    ("\u{202e}gpj", "⟨U+202E⟩gpj"), ("\u{0}", "\u{fffd}"), ("\u{7f}", "⟨U+007F⟩"),
    ("\u{85}", "⟨U+0085⟩"), ("\u{feff}", "⟨U+FEFF⟩"), ("\u{200b}", "⟨U+200B⟩"),
  ])
  func `text is shown as it is and never becomes markup`(text: String, source: String) {
    #expect(HTML(text).source == source)
  }

  @Test func `an attribute comes back as it was, and cannot be left`() {
    let input = tag("input", .value("\"><script>\u{202e}"))
    #expect(input.source == "<input value=\"&quot;&gt;&lt;script&gt;\u{202e}\">")
  }

  @Test func `strings in braces are text, elements are elements`() {
    let html = tag("p", .class("a"), nil, .flag("hidden", if: false)) {
      "1 < 2"
      tag("br")
      for name in ["x", "y"] { tag("b") { name } }
      if false { "never" }
    }
    #expect(html.source == "<p class=\"a\">1 &lt; 2<br><b>x</b><b>y</b></p>")
  }

  @Test(
    arguments: [
      (["projects", "4", "workflows", "a/b"], "/projects/4/workflows/a%2Fb"),
      (["x", "é \"<"], "/x/%C3%A9%20%22%3C"), ([""], "/"),
      (["javascript:alert(1)"], "/javascript%3Aalert%281%29"),
    ] as [([String], String)]
  )
  func `an address stays a path of this server`(segments: [String], text: String) {
    #expect(ConsoleAddress(segments).text == text)
  }

  @Test func `an address has parameters in order and leaves out empty ones`() {
    let address = ConsoleAddress("sessions").query("project", "a&b").query("workflow", nil)
      .query("status", "").at("x y")
    #expect(address.text == "/sessions?project=a%26b#x%20y")
  }

  @Test func `a file below a path keeps its folders`() {
    #expect(ConsoleAddress("files").below("a b/c#.sql").text == "/files/a%20b/c%23.sql")
  }

  @Test(
    arguments: [
      ("/attempts/7", "/attempts/7"), ("/sessions?status=error", "/sessions?status=error"),
      ("//evil.example", nil), ("/\\evil.example", nil), ("https://evil.example", nil),
      ("/\t/evil.example", nil), ("", nil), ("javascript:alert(1)", nil), ("/a\\b", nil),
    ] as [(String, String?)]
  )
  func `after logging in one stays on this server`(next: String, safe: String?) {
    #expect(LoginPage.safe(next) == safe)
  }

  @Test func `the files of the pages have the hash of their content in their names`() throws {
    let style = try #require(ConsoleAssets.named(ConsoleAssets.style.name))
    #expect(style.name.contains(/^console-[0-9a-f]{12}\.css$/))
    #expect(style.content.count <= 20_000)
    #expect(ConsoleAssets.named("console.css") == nil)
  }

  @Test func `the policy allows nothing that stands in a page itself`() {
    #expect(ConsolePolicy.page.hasPrefix("default-src 'none'; script-src 'self'"))
    #expect(!ConsolePolicy.page.contains("unsafe"))
    #expect(ConsolePolicy.notebook.hasPrefix("sandbox; default-src 'none'"))
    #expect(!ConsolePolicy.notebook.contains("script"))
  }
}

@Suite struct MomentTests {
  // Zones: the IANA database; 2026-03-29 01:00 UTC is when Berlin goes to summer time.
  @Test(
    arguments: [
      (1_795_849_200, "UTC", "2026-11-28 07:00:00 UTC"),
      (1_795_849_200, "Asia/Tokyo", "2026-11-28 16:00:00 +09:00"),
      (1_795_849_200, "America/St_Johns", "2026-11-28 03:30:00 −03:30"),
      (1_774_745_999, "Europe/Berlin", "2026-03-29 01:59:59 +01:00"),
      (1_774_746_000, "Europe/Berlin", "2026-03-29 03:00:00 +02:00"),
      (0, "No/Such", "1970-01-01 00:00:00 UTC"),
    ] as [(Double, String, String)]
  )
  func `a time is shown in its zone`(time: Double, zone: String, text: String) {
    #expect(Moment.text(time, zone: zone) == text)
  }

  @Test(
    arguments: [
      (0, "0.0 s"), (0.44, "0.4 s"), (9.96, "10.0 s"), (12, "12 s"), (185, "3 min 05 s"),
      (7800, "2 h 10 min"), (356_400, "4 d 3 h"), (-5, "0.0 s"), (.infinity, "11574074 d 1 h"),
    ] as [(Double, String)]
  )
  func `a duration has two units at most`(seconds: Double, text: String) {
    #expect(Moment.duration(seconds) == text)
  }

  @Test(
    arguments: [
      (100, "now"), (90, "10 s ago"), (400, "in 5 min"), (-8000, "2 h ago"),
      (86_400 * 3 + 100, "in 3 d"), (-86_400 * 90, "3 months ago"),
    ] as [(Double, String)]
  )
  func `how long ago is said roughly`(time: Double, text: String) {
    #expect(Moment.relative(time, now: 100) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (48_213, "48.2 kB"), (412_000, "412 kB"),
      (2_500_000_000, "2.5 GB"),
    ] as [(Int64, String)]
  )
  func `a size has one digit behind the point`(bytes: Int64, text: String) {
    #expect(ByteCount.text(bytes) == text)
  }
}
