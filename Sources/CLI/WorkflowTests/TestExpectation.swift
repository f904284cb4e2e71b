import Values
import WorkflowLanguage

/// What a test expects of the attempt.
struct TestExpectation: Sendable {
  struct TaskExpectation: Sendable {
    let name: String
    let place: SourceLocation?
    var state: String?
    /// Which tasks it waits for, in any order.
    var after: [String]?
    /// How often it was tried.
    var tries: Int?
    /// How many tasks have the name.
    var count: Int?
    var error: TextExpectation?
    /// Parts of what it stored.
    var store: (ObjectValue, SourceLocation?)?
  }

  struct MailExpectation: Sendable {
    let place: SourceLocation?
    var texts: [(field: String, text: TextExpectation)] = []
    var addresses: [(field: String, list: [String])] = []
  }

  /// By the end of a full name.
  typealias Named<Value> = [(name: String, place: SourceLocation?, value: Value)]

  var status: (String, SourceLocation?)?
  var tasks: [TaskExpectation] = []
  var order: ([String], SourceLocation?)?
  var statements: Named<TextExpectation> = []
  var scripts: Named<TextExpectation> = []
  var parameters: Named<ObjectValue> = []
  var mails: ([MailExpectation], SourceLocation?)?
  var output: TextExpectation?
  var error: TextExpectation?

  static let states = [
    "success", "error", "group_error", "blocked", "canceled", "skipped", "failed",
  ]

  /// - Throws: ``TestFileProblem``.
  init(_ written: PlacedValue) throws(TestFileProblem) {
    let entries = try written.map(
      "`expect`",
      only: [
        "status", "tasks", "skipped", "order", "statements", "scripts", "parameters", "mails",
        "output", "error",
      ]
    )
    for (key, place, value) in entries {
      switch key {
      case "status":
        status = (try Self.word(value, "`status`", ["success", "error", "killed"]), place)
      case "tasks":
        for entry in try value.map("`tasks`") { tasks.append(try Self.task(entry)) }
      case "skipped":
        for item in try value.list("`skipped`") {
          let name = try Self.taskName(item.text("a task"), at: item.location)
          tasks.append(TaskExpectation(name: name, place: item.location ?? place, state: "skipped"))
        }
      case "order": order = (try Self.names(value, "`order`"), place)
      case "statements": statements = try Self.texts(value, "statement")
      case "scripts": scripts = try Self.texts(value, "script")
      case "parameters":
        for (name, place, value) in try value.map("`parameters`") {
          let map = try value.object("the parameters of `\(name)`")
          parameters.append((try Self.taskName(name, at: place), place, map))
        }
      case "mails": mails = (try Self.mails(value), place)
      case "output": output = try TextExpectation(value, of: "`output`")
      default: error = try TextExpectation(value, of: "`error`")
      }
    }
  }

  private static func task(_ entry: PlacedValue.Entry) throws(TestFileProblem) -> TaskExpectation {
    var task = TaskExpectation(name: try taskName(entry.key, at: entry.place), place: entry.place)
    guard entry.value.entries != nil else {
      task.state = try word(entry.value, "the state of `\(entry.key)`", states)
      return task
    }
    let keys = ["state", "after", "tries", "count", "error", "store"]
    for (key, place, value) in try entry.value.map("`\(entry.key)`", only: keys) {
      switch key {
      case "state": task.state = try word(value, "`state`", states)
      case "after": task.after = try names(value, "`after`")
      case "tries": task.tries = try value.number("`tries`")
      case "count": task.count = try value.number("`count`")
      case "error": task.error = try TextExpectation(value, of: "`error`")
      default: task.store = (try value.object("`store`"), place)
      }
    }
    return task
  }

  private static func mails(_ written: PlacedValue) throws(TestFileProblem) -> [MailExpectation] {
    var mails: [MailExpectation] = []
    for item in try written.list("`mails`") {
      var mail = MailExpectation(place: item.entries?.first?.place ?? item.location)
      let keys = ["from", "to", "cc", "bcc", "subject", "body", "attachments"]
      for (key, _, value) in try item.map("a mail", only: keys) {
        switch key {
        case "subject", "body", "from":
          mail.texts.append((key, try TextExpectation(value, of: "`\(key)`")))
        default:
          var list: [String] = []
          for item in value.items ?? [value] { list.append(try item.text("`\(key)`")) }
          mail.addresses.append((key, list))
        }
      }
      mails.append(mail)
    }
    return mails
  }

  private static func texts(
    _ written: PlacedValue,
    _ what: String
  ) throws(TestFileProblem) -> Named<TextExpectation> {
    var texts: Named<TextExpectation> = []
    for (name, place, value) in try written.map("`\(what)s`") {
      let text = try TextExpectation(value, of: "the \(what) of `\(name)`")
      texts.append((try taskName(name, at: place), place, text))
    }
    return texts
  }

  private static func names(
    _ written: PlacedValue,
    _ what: String
  ) throws(TestFileProblem) -> [String] {
    var names: [String] = []
    for item in try written.list(what) {
      names.append(try taskName(item.text("a task"), at: item.location))
    }
    return names
  }

  private static func taskName(
    _ text: String,
    at place: SourceLocation?
  ) throws(TestFileProblem) -> String {
    guard text.hasPrefix("+") || text.hasPrefix("^") else {
      throw TestFileProblem("a task is written `+name`, found `\(text)`", at: place)
    }
    return text
  }

  private static func word(
    _ written: PlacedValue,
    _ what: String,
    _ words: [String]
  ) throws(TestFileProblem) -> String {
    let word = try written.text(what)
    guard words.contains(word) else {
      let near = Suggestion.nearest(to: word, among: words, limit: 1).first
      throw TestFileProblem(
        "\(what) must be one of \(words.joined(separator: ", ")), found `\(word)`",
        at: written.location,
        hint: near.map { "did you mean `\($0)`" }
      )
    }
    return word
  }
}
