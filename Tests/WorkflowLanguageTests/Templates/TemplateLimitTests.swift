import Testing
import Values

@testable import WorkflowLanguage

@Suite struct TemplateLimitTests {
  private func failure(_ text: String, scope: ObjectValue = [:]) -> WorkflowError? {
    do {
      let answer = try engine.evaluate(text: text, scope: scope, timezone: "UTC")
      Issue.record("expected an error, found \(answer.prefix(80))")
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      ("x ${y}", "Failed to evaluate a variable x ${y} (ReferenceError: y is not defined)"),
      ("${typeof}", "Failed to evaluate a variable ${typeof} (SyntaxError: "),
      ("${1 +} ${2}", "Failed to evaluate a variable ${1 +} ${2} (SyntaxError: "),
      ("${}", "(SyntaxError: "),
      ("${a.b.c}", "(TypeError: "), ("${n.b}", "(TypeError: "),
      ("${(function f() { return f() })()}", "(RangeError: Maximum call stack size exceeded)"),
      ("${while (1) {}}", "(SyntaxError: "),
      ("${(function(){throw 'own words'})()}", "(own words)"),
    ] as [(String, String)]
  )
  func `names the text and the reason`(text: String, words: String) {
    let error = failure(text, scope: ["a": [:], "n": nil])
    #expect(error?.code == .template)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func `suggests the nearest visible name`() {
    #expect(
      failure("${sesion_time}", scope: ["session_time": "t"])?.hint
        == "did you mean `session_time`?"
    )
  }

  @Test func `names the line instead of repeating a long text`() {
    let text = String(repeating: "select 1\n", count: 40) + "${good} ${bad}"
    let message = failure(text, scope: ["good": 1])?.message
    #expect(
      message
        == "Failed to evaluate a variable ${bad} in line 41 (ReferenceError: bad is not defined)"
    )
  }

  @Test(
    arguments: [
      "(function () { while (true) {} })()", "/(a+)+b/.test('a'.repeat(40))",
      "new Array(Math.pow(2, 27)).join('x')",
      "[].includes.call({length: Math.pow(2, 52)}, 1)",
      "'x'.repeat(1 << 23).indexOf('x'.repeat(1 << 22) + 'y')",
      "(function () { for (;;) { try { for (;;) {} } catch (e) {} } })()",
      "(function () { throw {toString: function () { for (;;) {} }} })()",
    ])
  func `stops what does not end`(expression: String) throws {
    #expect(
      failure("${\(expression)}")?.message.contains("stopped: a template may run for") == true
    )
    #expect(try engine.evaluate(text: "${1 + 1}", scope: [:], timezone: "UTC") == "2")
  }

  @Test(
    arguments: [
      "(function () { var a = []; for (;;) a.push('x' + a.length) })()", "'x'.repeat(1 << 29)",
      "'x'.padStart(1 << 29)", "new Array(1 << 24).fill(7).concat([1]).length",
      "(function () { var s = 'x'; for (;;) s += s })()",
    ])
  func `stops what takes too much memory`(expression: String) throws {
    let message = failure("${\(expression)}")?.message ?? ""
    #expect(
      message.contains("out of memory") || message.contains("string too long"),
      "\(message)"
    )
    #expect(try engine.evaluate(text: "${1 + 1}", scope: [:], timezone: "UTC") == "2")
  }

  @Test(
    arguments: [
      "String.prototype.trim = function () { return 'bad' }", "Object.prototype.poison = 1",
      "JSON.stringify = null", "Array.prototype.join = null", "leak = 5",
      "moment.locale('bad'), moment = 1",
      "Object.defineProperty(Object.prototype, 'length', {value: 3})",
      "delete Object.prototype.toString",
    ])
  func `forgets what a template did to the engine`(expression: String) throws {
    _ = try engine.evaluate(text: "${(\(expression), '')}", scope: [:], timezone: "UTC")
    let text =
      "${' a '.trim()} ${typeof poison} ${[1].join()} ${typeof leak} ${({a: 1})} ${'' + {}} ${typeof moment}"
    #expect(
      try engine.evaluate(text: text, scope: [:], timezone: "UTC")
        == #"a undefined 1 undefined {"a":1} [object Object] function"#
    )
  }

  @Test func `reaches nothing outside`() throws {
    for name in [
      "process", "require", "std", "os", "print", "console", "load", "performance", "Atomics",
    ] {
      #expect(
        try engine.evaluate(text: "${typeof \(name)}", scope: [:], timezone: "UTC") == "undefined"
      )
    }
  }

  @Test func `serves many threads at once`() async throws {
    let results = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<400 {
        group.addTask {
          let zone = number % 2 == 0 ? "Asia/Tokyo" : "America/New_York"
          let text = try engine.evaluate(
            text: "${n * 2} ${new Date(0).getHours()} ${n % 7 == 0 ? moment(0).format('HH') : ''}",
            scope: ["n": .int(Int64(number))],
            timezone: zone
          )
          let hour = number % 2 == 0 ? "9" : "19"
          let moment = number % 7 == 0 ? (number % 2 == 0 ? "09" : "19") : ""
          return text == "\(number * 2) \(hour) \(moment)"
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 400 && results.allSatisfy { $0 })
  }

  @Test(arguments: [1000, 100_000, 300_000, 1_000_000])
  func `refuses to start with too little memory`(bytes: Int) {
    let small = TemplateEngine(limits: TemplateLimits(memoryInBytes: bytes), momentFile: momentFile)
    do {
      _ = try small.evaluate(text: "${moment(0).unix()}", scope: [:], timezone: "UTC")
      Issue.record("expected an error")
    } catch {
      #expect(error.message.hasPrefix("the JavaScript engine does not start with \(bytes) bytes"))
    }
  }

  @Test func `says what to install when moment is missing`() {
    for file in [nil, "no/such/moment.js"] {
      do {
        _ = try TemplateEngine(momentFile: file).evaluate(
          text: "${moment()}",
          scope: [:],
          timezone: "UTC"
        )
        Issue.record("expected an error")
      } catch {
        #expect(error.hint?.contains("libjs-moment") == true)
      }
    }
  }
}
