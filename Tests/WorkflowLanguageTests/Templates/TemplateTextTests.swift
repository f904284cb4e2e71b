import Testing
import Values

@testable import WorkflowLanguage

@Suite struct TemplateTextTests {
  private static let scope: ObjectValue = [
    "a": "x", "n": 5, "f": 0.5, "whole": 5.0, "t": true, "none": nil, "list": [1, "b", nil],
    "map": ["k": "v", "n": [1.5]], "td": ["last_results": ["auc": 0.9]], "k": "key",
    "big": 9_007_199_254_740_993, "nums": ["b": 1, "2": 2],
  ]

  @Test(
    arguments: [
      ("plain", "plain"), ("${a}", "x"), ("<${a}${n}>", "<x5>"), ("${ a }", "x"),
      ("${n}", "5"), ("${f}", "0.5"), ("${whole}", "5"), ("${t}", "true"), ("${none}", ""),
      ("${list}", #"[1,"b",null]"#), ("${map}", #"{"k":"v","n":[1.5]}"#),
      ("${map.k}", "v"), ("${map.missing}", ""), ("${td.last_results.auc}", "0.9"),
      ("${list.length}", "3"), ("${a.length}", "1"), ("${map.constructor.name}", "Object"),
      ("${nums}", #"{"2":2,"b":1}"#), ("${undefined}", ""), ("${null}", ""),
      ("${0/0}", "null"), ("${1/0}", "null"), ("${n + 1}", "6"), ("${n + a}", "5x"),
      ("${td.last_results.auc < 0.93}", "true"), ("${'0.9' < '0.93'}", "true"),
      ("${new Date(0)}", #""1970-01-01T00:00:00.000Z""#), ("${function(){}}", ""),
      ("${ {b: [1, 2]} }", #"{"b":[1,2]}"#), ("${typeof x === 'undefined'}", "true"),
      ("${typeof x}", "undefined"), ("${n > 3 ? 'big' : 'small'}", "big"),
      ("${Object.keys(map)}", #"["k","n"]"#), ("${[1,2].join('-')}", "1-2"),
      ("${JSON.parse('{\"q\": 7}').q}", "7"), ("${encodeURIComponent('a b')}", "a%20b"),
      ("${[1, 2].map((x) => x * 2)}", "[2,4]"), ("${a // comment\n}", "x"), ("${eval('a')}", "x"),
      (#"${\u0061 + 1}"#, "x1"),
      ("${'moment' + n}", "moment5"),
    ] as [(String, String)]
  )
  func `gives the text of an expression`(text: String, expected: String) throws {
    #expect(try engine.evaluate(text: text, scope: Self.scope, timezone: "UTC") == expected)
  }

  @Test(
    arguments: [
      ("$", "$"), ("$$", "$"), ("$$$$", "$$"), ("$a", "$a"), ("$${a}", "${a}"), ("a$", "a$"),
      ("${a", "${a"), ("${a ${n}", "${a 5"), ("{}", "{}"), ("${secret:x}", "${secret:x}"),
      ("${secret:${k}}", "${secret:key}"), ("${secret:a.${k}} ${a}", "${secret:a.key} x"),
      ("cost: 5$ ${n}", "cost: 5$ 5"), ("${ {a:{b:1}}.a.b }", "1"), ("ä${a}ö", "äxö"),
      ("${'ä€😀'.length}", "4"), ("${'😀'}", "😀"),
    ] as [(String, String)]
  )
  func `cuts a text as the language says`(text: String, expected: String) throws {
    #expect(try engine.evaluate(text: text, scope: Self.scope, timezone: "UTC") == expected)
  }

  @Test func `keeps every digit of an integer that stands alone`() throws {
    let scope = Self.scope
    #expect(
      try engine.evaluate(text: "${big}", scope: scope, timezone: "UTC") == "9007199254740993"
    )
    #expect(
      try engine.evaluate(text: "${big + 0}", scope: scope, timezone: "UTC") == "9007199254740992"
    )
  }

  /// Expected texts: ECMA-262, Number::toString, worked out by hand.
  @Test(
    arguments: [
      (5.0, "5"), (0.1, "0.1"), (-0.0, "0"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
      (1.5e-7, "1.5e-7"), (0.000001, "0.000001"), (1e-7, "1e-7"), (123456789.125, "123456789.125"),
      (-2.5e30, "-2.5e+30"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, "null"),
    ] as [(Double, String)]
  )
  func `writes floats as JavaScript does`(number: Double, expected: String) throws {
    #expect(JavaScriptText.number(number) == expected)
    guard number.isFinite else { return }
    let value = try engine.evaluate(
      text: "${x + 0}",
      scope: ["x": .double(number)],
      timezone: "UTC"
    )
    #expect(value == expected)
  }

  /// The native answer must be the engine's: `(name)` cannot be answered natively.
  @Test(
    arguments: [
      "a", "n", "f", "whole", "t", "none", "list", "map", "map.k", "map.n", "map.missing",
      "map.toString", "td", "td.last_results.auc", "nums", "list.length", "map.valueOf",
      "map.length",
    ])
  func `answers plain names as the engine does`(name: String) throws {
    let plain = try engine.evaluate(text: "${\(name)}", scope: Self.scope, timezone: "UTC")
    let computed = try engine.evaluate(text: "${(\(name))}", scope: Self.scope, timezone: "UTC")
    #expect(plain == computed)
  }

  @Test(
    arguments: [
      (#"${'a.b.c'.replaceAll('\\.', '')}"#, "abc"), (#"${'a.b'.replaceAll('.', 'x')}"#, "xxx"),
      (#"${'ab-cd'.replaceAll('(\\w+)-(\\w+)', '$2_$1')}"#, "cd_ab"),
      (#"${'price'.replaceAll('price', '\\$5')}"#, "$5"),
      (#"${'AbA'.replaceAll('(?i)a', 'x')}"#, "xbx"), ("${'aXa'.replaceFirst('a', 'b')}", "bXa"),
      ("${'a1a2'.replaceAll(/\\d/g, '')}", "aa"), ("${'x'.equals('x')}", "true"),
      (#"${'abc'.matches('[a-c]+')}"#, "true"), ("${''.isEmpty()}", "true"),
      (#"${'a-b-c'.replace('-', '+')}"#, "a+b-c"),
    ] as [(String, String)]
  )
  func `gives strings the methods of Java`(text: String, expected: String) throws {
    #expect(try engine.evaluate(text: text, scope: [:], timezone: "UTC") == expected)
  }
}
