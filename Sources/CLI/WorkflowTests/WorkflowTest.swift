import Values
import WorkflowLanguage

/// One test of a workflow, as a test file states it.
struct WorkflowTest: Sendable {
  let name: String
  let place: SourceLocation?
  let workflow: String
  /// As `--session` takes it.
  let session: String
  /// What templates take for the present; the session time unless given.
  let now: String?
  let lastExecuted: String?
  let parameters: ObjectValue
  let secrets: [String: String]
  /// What `param_get>` finds.
  let kept: [String: String]
  let answers: TaskAnswers
  /// Tables of a real warehouse that `td>` runs on, with their rows; nil where no query is run.
  let tables: [(name: String, rows: [ObjectValue])]?
  let expected: TestExpectation

  private static let sharedKeys = [
    "workflow", "session", "now", "last_executed", "params", "secrets", "kept", "answers",
    "warehouse", "tables",
  ]

  /// Every test of a file; what stands at the top holds for all.
  ///
  /// - Throws: ``TestFileProblem`` for the first mistake.
  static func read(_ file: PlacedValue) throws(TestFileProblem) -> [WorkflowTest] {
    let top = try file.map("a test file", only: sharedKeys + ["tests"])
    guard let tests = top["tests"] else {
      throw TestFileProblem(
        "the file has no `tests`",
        at: file.location,
        hint: "see docs/testing-workflows.md"
      )
    }
    var read: [WorkflowTest] = []
    for item in try tests.list("`tests`") { read.append(try WorkflowTest(item, top)) }
    return read
  }

  private init(_ written: PlacedValue, _ top: [PlacedValue.Entry]) throws(TestFileProblem) {
    let own = try written.map("a test", only: Self.sharedKeys + ["name", "expect"])
    func setting(_ key: String) -> PlacedValue? { own[key] ?? top[key] }
    func required(_ key: String) throws(TestFileProblem) -> PlacedValue {
      guard let value = setting(key) else {
        throw TestFileProblem("the test has no `\(key)`", at: written.location)
      }
      return value
    }
    name = try required("name").text("`name`")
    place = own.first?.place ?? written.location
    let asked = try required("workflow").text("`workflow`")
    workflow = asked.hasSuffix(".dig") ? String(asked.dropLast(4)) : asked
    session = try setting("session")?.text("`session`") ?? "2026-01-01"
    now = try setting("now")?.text("`now`")
    lastExecuted = try setting("last_executed")?.text("`last_executed`")
    parameters = try Self.merged("params", top, own)
    secrets = try Self.texts(Self.merged("secrets", top, own))
    kept = try Self.texts(Self.merged("kept", top, own))
    answers = try Self.answers(top, own)
    tables = try Self.tables(setting("warehouse"), setting("tables"))
    expected = try TestExpectation(required("expect"))
  }

  private static func merged(
    _ key: String,
    _ top: [PlacedValue.Entry],
    _ own: [PlacedValue.Entry]
  ) throws(TestFileProblem) -> ObjectValue {
    var merged = try top[key]?.object("`\(key)`") ?? [:]
    merged.merge(try own[key]?.object("`\(key)`") ?? [:])
    return merged
  }

  /// Dotted keys, from keys that are dotted or nested.
  private static func texts(_ map: ObjectValue) -> [String: String] {
    var texts: [String: String] = [:]
    func add(_ map: ObjectValue, under prefix: String) {
      for (key, value) in map {
        if let inner = value.object {
          add(inner, under: prefix + key + ".")
        } else {
          texts[prefix + key] = value.text
        }
      }
    }
    add(map, under: "")
    return texts
  }

  /// The test's own answers come first, so that they win over those at the top.
  private static func answers(
    _ top: [PlacedValue.Entry],
    _ own: [PlacedValue.Entry]
  ) throws(TestFileProblem) -> TaskAnswers {
    var answers =
      try top["answers"].map { value throws(TestFileProblem) in
        try TaskAnswers(value)
      } ?? TaskAnswers()
    if let value = own["answers"] { answers.override(with: try TaskAnswers(value)) }
    return answers
  }

  private static func tables(
    _ mode: PlacedValue?,
    _ written: PlacedValue?
  ) throws(TestFileProblem) -> [(name: String, rows: [ObjectValue])]? {
    guard let mode else {
      guard let written else { return nil }
      throw TestFileProblem(
        "`tables` are for `warehouse: real` only",
        at: written.location,
        hint: "without it no query is run; give the rows as `answers`"
      )
    }
    let word = try mode.text("`warehouse`")
    if word == "recorded" { return nil }
    guard word == "real" else { throw mode.mismatch("`warehouse`", "`real` or `recorded`") }
    var tables: [(name: String, rows: [ObjectValue])] = []
    for (name, place, value) in try written?.map("`tables`") ?? [] {
      guard name.split(separator: ".").count == 2 else {
        throw TestFileProblem(
          "a table is written `database.table`, found `\(name)`",
          at: place
        )
      }
      var rows: [ObjectValue] = []
      for item in try value.list("the rows of `\(name)`") { rows.append(try item.object("a row")) }
      tables.append((name, rows))
    }
    return tables
  }
}

extension TaskAnswers {
  /// Replaces what is said of the same subjects, and adds the rest.
  mutating func override(with others: TaskAnswers) {
    let said = Set(others.entries.map(\.subject))
    self = TaskAnswers(entries: entries.filter { !said.contains($0.subject) } + others.entries)
  }

  private init(entries: [Entry]) { self.entries = entries }
}
