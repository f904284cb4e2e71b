import Testing
import Values

@testable import WorkflowLanguage

@Suite struct YAMLScalarTests {
  /// Every row of the typing table, and the neighbours that must not match.
  @Test(
    arguments: [
      ("true", true), ("True", true), ("false", false), ("False", false),
      ("TRUE", "TRUE"), ("FALSE", "FALSE"), ("yes", "yes"), ("no", "no"), ("on", "on"),
      ("off", "off"), ("y", "y"),
      ("12", 12), ("-3", -3), ("+3", 3), ("0", 0), ("-0", 0), ("1_000", 1000), ("0x1F", 31),
      ("0x1f", 31), ("-0x10", -16),
      ("0b101", 5), ("-0b11", -3), ("017", 15), ("010", 8), ("00", 0), ("09", "09"), ("08", "08"),
      ("0o17", "0o17"),
      ("1_", 1), ("_1", "_1"), ("0x", "0x"), ("0b", "0b"), ("0b2", "0b2"), ("0xG", "0xG"),
      ("1a", "1a"), ("--1", "--1"), ("+-1", "+-1"),
      ("9223372036854775807", 9_223_372_036_854_775_807),
      ("9223372036854775808", .double(9_223_372_036_854_775_808)),
      ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("-2.", -2.0), ("2.e3", 2000.0),
      ("1.5E-2", 0.015), ("+1.25", 1.25), ("-.5", -0.5), ("1_000.5", 1000.5),
      (".inf", .double(.infinity)), ("-.inf", .double(-.infinity)), ("+.Inf", .double(.infinity)),
      (".INF", .double(.infinity)),
      ("0.93", "0.93"), ("0.5", "0.5"), ("-0.5", "-0.5"), ("0.", "0."), ("0e1", "0e1"), (".", "."),
      ("-", "-"), ("1.2.3", "1.2.3"), ("1e", "1e"), ("e3", "e3"), ("inf", "inf"), ("._5", "._5"),
      ("07:00:00", "07:00:00"), ("12:30", "12:30"), ("1:20", "1:20"),
      ("190:20:30.15", "190:20:30.15"),
      ("2016-01-01", "2016-01-01"), ("2016-01-01T00:00:00Z", "2016-01-01T00:00:00Z"),
      ("2016-01-01 00:00:00", "2016-01-01 00:00:00"),
      ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("", .null),
      ("nULL", "nULL"), ("None", "None"),
      ("1 2", "1 2"), ("１", "１"), ("text", "text"),
    ] as [(String, Value)]
  )
  func `types a plain scalar`(text: String, expected: Value) {
    #expect(YAMLScalar.value(ofPlain: text) == expected)
  }

  @Test func `reads not a number`() throws {
    for text in [".nan", ".NaN", ".NAN"] {
      let number = try #require(YAMLScalar.value(ofPlain: text).double)
      #expect(number.isNaN)
    }
    #expect(YAMLScalar.value(ofPlain: "-.nan") == "-.nan")
  }

  @Test(
    arguments: [
      ("'12'", "12"), ("\"true\"", "true"), ("''", ""), ("\"\"", ""), ("'~'", "~"),
      ("\"a\\tb\"", "a\tb"), ("'it''s'", "it's"),
      ("|\n  a\n  b\n", "a\nb\n"), (">-\n  a\n  b\n", "a b"), ("|\n  12\n", "12\n"),
      ("!!str 12", "12"), ("!!int '12'", 12), ("!!float 1", 1.0), ("!!bool 'true'", true),
      ("!!null ''", .null),
      ("' >50K'", " >50K"), ("[]", []), ("{}", [:]), ("[1, a, [true]]", [1, "a", [true]]),
      ("${a.b < 1}", "${a.b < 1}"),
      ("a:b", "a:b"), ("http://x/y?z=1", "http://x/y?z=1"), ("a # b", "a"), ("a#b", "a#b"),
    ] as [(String, Value)]
  )
  func `quotes blocks and tags decide the type`(text: String, expected: Value) throws {
    #expect(try YAMLDocument.load(text: "k: \(text)", file: "x.yml").object?["k"] == expected)
  }

  @Test func `keys become text`() throws {
    let value = try YAMLDocument.load(
      text: "12: a\n0x1F: b\ntrue: c\n1.5: d\n2016-01-01: e\n'7': f\nyes: g\n",
      file: "x.yml"
    )
    #expect(value.object?.keys == ["12", "31", "true", "1.5", "2016-01-01", "7", "yes"])
  }
}
