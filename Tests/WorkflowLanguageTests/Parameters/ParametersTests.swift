import Testing
import Values

@testable import WorkflowLanguage

/// §4.4 and §6.0 of the language.
@Suite struct ParametersTests {
  private func failure(_ body: () throws(WorkflowError) -> Void) -> String? {
    do throws(WorkflowError) {
      try body()
      return nil
    } catch {
      return error.message
    }
  }

  @Test(
    arguments: [
      (true, true), (false, false), ("true", true), ("True", true), (" false ", false),
      ("False", false),
      ("", false), ("null", false), (0, false), (2, true),
    ] as [(Value, Bool)]
  )
  func `reads booleans`(value: Value, expected: Bool) throws {
    #expect(try Parameters(["k": value]).bool("k", default: !expected) == expected)
  }

  @Test(arguments: ["5", "yes", "TRUE", "3", 1.5, [], [:]] as [Value])
  func `refuses other booleans`(value: Value) {
    let words = "Expected 'true' or 'false' for key '_command' but got \(value) (\(value.kind))"
    #expect(
      failure { () throws(WorkflowError) in _ = try Parameters(["_command": value]).bool("_command")
      } == words
    )
  }

  @Test(
    arguments: [(5, 5), (1.9, 1), (-1.9, -1), ("7", 7), (" 7 ", 7), ("-7", -7), ("", 0)]
      as [(Value, Int64)]
  )
  func `reads integers`(value: Value, expected: Int64) throws {
    #expect(try Parameters(["k": value]).int("k") == expected)
  }

  @Test(arguments: ["x", "1.5", true, [1], 1e300] as [Value])
  func `refuses other integers`(value: Value) {
    let message = failure { () throws(WorkflowError) in _ = try Parameters(["k": value]).int("k") }
    #expect(message?.hasPrefix("Expected integer (int) type for key 'k' but got ") == true)
  }

  @Test func `reads text and refuses maps and lists`() throws {
    let parameters = Parameters(["s": "x", "i": 5, "f": 0.5, "b": true, "m": ["a": 1], "n": nil])
    #expect(try parameters.text("s") == "x")
    #expect(try parameters.text("i") == "5")
    #expect(try parameters.text("f") == "0.5")
    #expect(try parameters.text("b") == "true")
    #expect(try parameters.text("n") == nil)
    #expect(
      failure { () throws(WorkflowError) in _ = try parameters.text("m") }
        == #"Expected string type for key 'm' but got {"a":1} (object)"#
    )
    for key in ["n", "missing"] {
      #expect(
        failure { () throws(WorkflowError) in _ = try parameters.requiredText(key) }
          == "Parameter '\(key)' is required but not set"
      )
    }
  }

  @Test func `takes JSON text for lists and maps only where asked`() throws {
    let parameters = Parameters(["l": "[1, 2]", "m": #"{"a": 1}"#, "x": "a, b", "t": ["a", 1]])
    #expect(try parameters.listOrJSON("l") == [1, 2])
    #expect(try parameters.objectOrJSON("m") == ["a": 1])
    #expect(try parameters.textList("x") == ["a, b"])
    #expect(try parameters.textList("t") == ["a", "1"])
    #expect(failure { () throws(WorkflowError) in _ = try parameters.list("l") } != nil)
    #expect(failure { () throws(WorkflowError) in _ = try parameters.object("m") } != nil)
    #expect(failure { () throws(WorkflowError) in _ = try parameters.listOrJSON("x") } != nil)
  }

  @Test(
    arguments: [
      ("1d 2h 3m 4s", 93784), ("90s", 90), ("2h", 7200), (" 1h30m ", 5400), ("1 h", 3600),
      ("0s", 0),
    ] as [(String, Int64)]
  )
  func `reads durations`(text: String, seconds: Int64) throws {
    #expect(try Parameters(["k": .string(text)]).duration("k") == .seconds(seconds))
  }

  @Test(arguments: ["", "5", "4s 1h", "1x", "h", "1h 1h", "-1s", 5] as [Value])
  func `refuses other durations`(value: Value) {
    let message = failure { () throws(WorkflowError) in
      _ = try Parameters(["k": value]).duration("k")
    }
    #expect(message?.contains("Expected a duration for key 'k'") == true)
  }

  @Test(
    arguments: [
      (180, 180), (1.5, 1.5), ("180", 180), ("60 * 3", 180), ("3*60", 180), ("(3 + 1) * 60", 240),
      ("10 - 2 - 3", 5), ("2 * -3 + 8 / 4", -4), (" ( ( 7 ) ) ", 7), ("0.5*60", 30),
    ] as [(Value, Double)]
  )
  func `computes seconds`(value: Value, expected: Double) throws {
    #expect(try Parameters(["k": value]).seconds("k") == expected)
  }

  @Test(arguments: ["", "60 *", "6 0", "(1", "1)", "1/0", "abc", "2**3", "1;2", "60 * x"])
  func `refuses other arithmetic and names it`(text: String) {
    let message = failure { () throws(WorkflowError) in
      _ = try Parameters(["k": .string(text)]).seconds("k")
    }
    #expect(message?.contains("`\(text)` cannot be computed") == true)
  }

  @Test func `looks up the key first and then the defaults`() throws {
    let merged: ObjectValue = [
      "td": ["database": "d", "engine": "hive", "priority": 1], "engine": "presto", "priority": nil,
    ]
    let parameters = Parameters(merged, local: ["engine"]).defaults(from: "td")
    #expect(try parameters.text("engine") == "presto")
    #expect(try parameters.text("database") == "d")
    #expect(try parameters.int("priority") == 1)
    #expect(!parameters.contains("other"))
    let scope = parameters.scope(withDefaults: "td")
    #expect(scope["database"] == "d" && scope["engine"] == "presto" && scope["priority"] == .null)
    #expect(Parameters(["td": "x"]).defaults(from: "td").value("x") == nil)
  }

  @Test func `opens the map of an operator`() throws {
    let parameters = Parameters(["_command": ["notebook": "gluon_train", "x": 1]], task: "+w+t")
    let inner = try parameters.required(try parameters.nested("_command"), "_command")
    #expect(try inner.text("notebook") == "gluon_train")
    #expect(inner.unusedLocalKeys() == ["x"])
    #expect(try Parameters(["_command": nil]).nested("_command") == nil)
  }

  @Test func `warns about local keys that nobody read`() throws {
    let parameters = Parameters(
      ["create_tables": [], "empty_table": [], "used": 1, "_hidden": 1, "merged": 2],
      local: ["create_tables", "empty_table", "used", "_hidden"],
      task: "+wf+ddl"
    )
    _ = try parameters.defaults(from: "td").list("create_tables")
    _ = parameters.value("used")
    _ = parameters.contains("empty_tables")
    #expect(parameters.unusedLocalKeys() == ["empty_table"])
    #expect(
      parameters.unusedWarnings().first?.hasPrefix(
        #"Parameter 'empty_table' is not used at task +wf+ddl. > Did you mean ["empty_tables""#
      ) == true
    )
    parameters.useAll()
    #expect(parameters.unusedWarnings().isEmpty)
  }
}
