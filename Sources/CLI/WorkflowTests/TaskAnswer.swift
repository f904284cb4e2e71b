import Values
import WorkflowLanguage

/// What a test says that a task does instead of its operator.
struct TaskAnswer: Sendable {
  /// The rows of a query, one map each; nil where the test says nothing about them.
  var rows: [ObjectValue]?
  var store: ObjectValue = [:]
  /// How many tries fail before one succeeds.
  var failures = 0
  var message = "failed by the test"
  /// Of `http>`.
  var status = 200
  var content = ""

  static let keys = ["results", "store", "fails", "message", "status", "content"]

  /// - Throws: ``TestFileProblem``.
  init(_ written: PlacedValue, of task: String) throws(TestFileProblem) {
    for (key, _, value) in try written.map("the answer of `\(task)`", only: Self.keys) {
      switch key {
      case "results": rows = try Self.rows(value)
      case "store": store = try value.object("`store`")
      case "fails": failures = try Self.failures(value)
      case "message": message = try value.text("`message`")
      case "status": status = try value.number("`status`", from: 100)
      default:
        content = value.value.string ?? (value.value.isNull ? "" : JSON.encode(value.value))
      }
    }
  }

  private static func rows(_ written: PlacedValue) throws(TestFileProblem) -> [ObjectValue] {
    var rows: [ObjectValue] = []
    for item in try written.list("`results`") { rows.append(try item.object("a row")) }
    return rows
  }

  private static func failures(_ written: PlacedValue) throws(TestFileProblem) -> Int {
    if written.value == "always" || written.value == true { return .max }
    return try written.number("`fails`")
  }
}

/// The answers of a test, by the end of a task's full name or by operator.
struct TaskAnswers: Sendable {
  /// What a key names.
  enum Subject: Sendable, Hashable {
    case task(String)
    case operation(String)

    init(_ key: String) {
      self = key.hasSuffix(">") ? .operation(String(key.dropLast())) : .task(key)
    }

    func names(_ task: String, type: String) -> Bool {
      switch self {
      case .task(let name): task.hasSuffix(name)
      case .operation(let name): type == name
      }
    }
  }

  /// One subject and what it does in its first, second, … run; the last answer stands for all later ones.
  struct Entry: Sendable {
    let subject: Subject
    let place: SourceLocation?
    let answers: [TaskAnswer]
  }

  var entries: [Entry] = []

  init() {}

  /// - Throws: ``TestFileProblem``.
  init(_ written: PlacedValue) throws(TestFileProblem) {
    for (key, place, value) in try written.map("`answers`") {
      guard key.hasPrefix("+") || key.hasPrefix("^") || key.hasSuffix(">") else {
        throw TestFileProblem(
          "`\(key)` names neither a task nor an operator",
          at: place,
          hint: "write `+task`, or `operator>` for every task of an operator"
        )
      }
      var answers: [TaskAnswer] = []
      for item in value.items ?? [value] { answers.append(try TaskAnswer(item, of: key)) }
      entries.append(Entry(subject: Subject(key), place: place, answers: answers))
    }
  }

  /// The entry for a task: one that names it, the longest name first, before one for its operator.
  func entry(for task: String, type: String) -> Int? {
    let found = entries.indices.filter { entries[$0].subject.names(task, type: type) }
    return found.max { length(entries[$0].subject) < length(entries[$1].subject) }
  }

  private func length(_ subject: Subject) -> Int {
    switch subject {
    case .task(let name): name.count
    case .operation: 0
    }
  }
}
