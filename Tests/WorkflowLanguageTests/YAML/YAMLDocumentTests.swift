import Testing
import Values

@testable import WorkflowLanguage

@Suite struct YAMLDocumentTests {
  @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "\u{FEFF}", "{}"])
  func `an empty text is an empty map`(text: String) throws {
    #expect(try YAMLDocument.load(text: text, file: "x.yml") == [:])
  }

  @Test func `keeps the order of keys`() throws {
    let value = try YAMLDocument.load(text: "z: 1\na: {y: 1, b: 2}\nm: [1]\n", file: "x.yml")
    #expect(value.description == #"{"z":1,"a":{"y":1,"b":2},"m":[1]}"#)
  }

  @Test func `anchors aliases and merge keys work`() throws {
    let text = """
      base: &base {a: 1, b: 2}
      other: &other {b: 3, c: 4}
      one: {b: 0, <<: *base, d: 5}
      many:
        <<: [*base, *other]
        c: own
      same: *base
      list: &l [1, 2]
      again: [*l, *l]
      """
    let value = try YAMLDocument.load(text: text, file: "x.yml").object
    #expect(value?["one"]?.description == #"{"b":0,"a":1,"d":5}"#)
    #expect(value?["many"]?.description == #"{"a":1,"b":2,"c":"own"}"#)
    #expect(value?["same"]?.description == #"{"a":1,"b":2}"#)
    #expect(value?["again"] == [[1, 2], [1, 2]])
  }

  @Test func `a quoted merge key is an ordinary key`() throws {
    #expect(try YAMLDocument.load(text: "'<<': 1", file: "x.yml") == ["<<": 1])
  }

  @Test(
    arguments: [
      ("a: 1\nb: 2\na: 3\n", "x.yml:3:1: Duplicated keys: [a], first written at x.yml:1:1"),
      (
        "+t:\n  sql: a\n  sql: b\n", "x.yml:3:3: Duplicated keys: [sql], first written at x.yml:2:3"
      ),
      ("{a: 1, a: 2}", "x.yml:1:8: Duplicated keys: [a], first written at x.yml:1:2"),
      ("a: 1\n'a': 2\n", "x.yml:2:1: Duplicated keys: [a], first written at x.yml:1:1"),
      ("15: 1\n017: 2\n", "x.yml:2:1: Duplicated keys: [15], first written at x.yml:1:1"),
      (
        "x: &x {}\na:\n  <<: *x\n  <<: *x\n",
        "x.yml:4:3: Duplicated keys: [<<], first written at x.yml:3:3"
      ),
    ])
  func `refuses a repeated key`(text: String, expected: String) {
    #expect(Self.problem(text)?.hasPrefix(expected) == true, "\(Self.problem(text) ?? "none")")
  }

  @Test(
    arguments: [
      ("x: ${a ? b : c}", "x.yml:1:12: a value cannot hold `: ` without quotes", "'${a ? b : c}'"),
      ("a: 1\nx: [${a}]", "x.yml:2:6: expected `,` or `]`", "[\"${a}\"]"),
      ("x: {k: ${a}}", "x.yml:1:9: expected `,` or `}`", "{key: \"${a}\"}"),
      ("cron>: */5 * * * *", "x.yml:1:8: a value cannot begin with `*` without quotes", "quote it"),
      ("a: ******", "x.yml:1:4: a value cannot begin with `*` without quotes", "quote it"),
      ("a: *foo", "x.yml:1:4: `*foo` names no anchor above", "'*foo'"),
      ("a: @x", "x.yml:1:4: a value cannot begin with `@` without quotes", "quote it"),
      ("a: `x`", "x.yml:1:4: a value cannot begin with ``` without quotes", "quote it"),
      ("a: %x", "x.yml:1:4: a value cannot begin with `%` without quotes", "quote it"),
      ("a:\n\tb: 1", "x.yml:2:1: a tab cannot indent a line", "blanks"),
      ("a: 1\nb: \"open\nc: 2\n", "x.yml:2:4: a quote is opened here and never closed", nil),
      ("a: 'open", "x.yml:1:4: a quote is opened here and never closed", nil),
      ("a: 1\nb\nc: 2\n", "x.yml:2:1: expected `: ` behind a key", "blank"),
      ("a: \"x\" y\n", "x.yml:1:8: expected the end of the value, found more text", "quote"),
      ("a: 'it's'\n", "x.yml:1:8: expected the end of the value, found more text", "twice"),
      ("+a:\n  x: 1\n y: 2\n", "x.yml:3:2: expected a key at this indentation", "same column"),
      (
        "+a:\n  x: 1\n    y: 2\n", "x.yml:3:6: `y:` is indented as a part of the value above",
        "beside"
      ),
      ("a:\n  - x\n  y: 1\n", "x.yml:3:3: expected `- ` for the next item", "same column"),
      ("a: \"\\d\"\n", "x.yml:1:5: an unknown escape in double quotes", "single quotes"),
      ("!include: b.yml\n", "x.yml:1:1: could not determine a constructor", "`!include : b.yml`"),
      (
        "a: [1, 2\nb: 3\n", "x.yml:2:2: expected `,` or `]`, the `[` at line 1, column 4 is open",
        nil
      ),
      ("a: 1\n---\nb: 2\n", "x.yml:2:1: expected one YAML document, found a second one", "---"),
      ("a: &a [*a]", "x.yml:1:8: `*a` stands inside of what `&a` names", nil),
      (": 1\n", "x.yml:1:1: expected a key before `:`, found nothing", nil),
      ("~: 1\n", "x.yml:1:1: expected a key before `:`, found nothing", nil),
      (
        "a: !foo 1\n", "x.yml:1:4: could not determine a constructor for the tag `!foo` of `1`", nil
      ),
      ("a: !include b.yml\n", "x.yml:1:4: could not determine a constructor", "`!include : b.yml`"),
      ("a: {<<: 1}", "x.yml:1:5: expected a map or a list of maps behind `<<`, found 1", nil),
      ("a: x\u{0}y", "x.yml:1:5: the control character U+0000 is not allowed", "remove it"),
      ("a: ü\u{7}", "x.yml:1:5: the control character U+0007 is not allowed", "remove it"),
    ] as [(String, String, String?)]
  )
  func `says where the text is broken and how to mend it`(
    text: String,
    expected: String,
    hint: String?
  ) {
    let found = Self.problem(text) ?? "none"
    #expect(found.hasPrefix(expected), "\(found)")
    if let hint { #expect(found.contains("hint: ") && found.contains(hint), "\(found)") }
  }

  @Test func `stops at a nesting of one hundred thousand brackets`() {
    let text = "a: " + String(repeating: "[", count: 100_000)
    #expect(Self.problem(text) == "x.yml:1:203: nested deeper than 200 levels")
  }

  @Test func `stops at aliases that nest without end`() {
    var text = "a0: &a0 [1]\n"
    for level in 1...300 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(Self.problem(text)?.contains("nested deeper than 200 levels through") == true)
  }

  @Test func `stops at a billion laughs`() {
    var text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for level in 1...9 {
      let laughs = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(laughs)]\n"
    }
    #expect(Self.problem(text)?.contains("more than 1000000 values") == true)
  }

  @Test func `reads ten thousand lines with their places`() throws {
    let lines = (0..<10_000).map { "key\($0): value \($0)" }
    let (root, problems) = YAMLDocument.compose(
      text: (lines + ["last: {x: 1}"]).joined(separator: "\n"),
      file: "x.yml"
    )
    #expect(problems.isEmpty)
    let last = try #require(root?.entries?.last)
    #expect(last.location == SourceLocation(file: "x.yml", line: 10_001, column: 1))
    #expect(last.value.entries?.first?.value.location?.column == 11)
  }

  @Test func `counts columns in characters and takes any line end`() throws {
    let (root, _) = YAMLDocument.compose(text: "\u{FEFF}ä: ü\r\n日本: {k: v}\r\n", file: "x.yml")
    let entries = try #require(root?.entries)
    #expect(entries.map(\.key) == ["ä", "日本"])
    #expect(entries[0].value.location?.column == 4)
    #expect(entries[1].value.entries?.first?.location?.description == "x.yml:2:6")
  }

  @Test func `reads JSON with its own number types in a json file`() throws {
    let text = #"{"a": 0.5, "b": "\ud83d\ude00", "c": {"d": [1, null]}}"#
    let value = try YAMLDocument.loadObject(text: text, file: "p.json")
    #expect(value["a"] == 0.5)
    #expect(value["b"] == "😀")
    #expect(
      try YAMLDocument.load(text: #"{"a": 1, "b": {"c": [true]}}"#, file: "p") == [
        "a": 1, "b": ["c": [true]],
      ]
    )
    #expect(throws: WorkflowError.self) { try YAMLDocument.load(text: "{", file: "p.json") }
    #expect(try YAMLDocument.load(text: "{\n\t\"a\": 1\n}", file: "p") == ["a": 1])
    #expect(try YAMLDocument.load(text: #"{"b": "\ud83d\ude00"}"#, file: "p") == ["b": "😀"])
  }

  @Test func `an object is asked for by name`() {
    #expect(throws: WorkflowError.self) { try YAMLDocument.loadObject(text: "- 1", file: "p.yml") }
    #expect(throws: WorkflowError.self) {
      try YAMLDocument.load(text: "!include : x", file: "p.yml")
    }
  }

  @Test func `names bytes that are not UTF-8`() {
    let text: [UInt8] = Array("a: 1\nb: ü".utf8) + [0xFF, 0x41]
    #expect(throws: WorkflowError.self) { try YAMLText.decode(text, file: "x.yml") }
    do {
      _ = try YAMLText.decode(text, file: "x.yml")
    } catch {
      #expect(error.location?.description == "x.yml:2:5")
    }
    #expect(throws: WorkflowError.self) {
      try YAMLText.decode([0xFF, 0xFE, 0x61, 0], file: "x.yml")
    }
  }

  private static func problem(_ text: String) -> String? {
    do {
      _ = try YAMLDocument.load(text: text, file: "x.yml")
      return nil
    } catch {
      return error.description
    }
  }
}
