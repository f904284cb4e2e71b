import Values

/// A parameter of the path or of the query.
struct Parameter: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case text(maximum: Int = 1000)
    /// 1 or more.
    case id
    case integer(ClosedRange<Int64>)
    case flag
    case time
    case oneOf([String])

    var isText: Bool { if case .text = self { true } else { false } }
  }

  let name: String
  let kind: Kind
  let summary: String
  var isRequired = false
  /// As text, for the documentation.
  var usual: String?

  init(
    _ name: String,
    _ kind: Kind,
    _ summary: String,
    required: Bool = false,
    usual: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    isRequired = required
    self.usual = usual
  }

  var schema: Schema {
    switch kind {
    case .text(let maximum):
      .text(minimum: isRequired ? 1 : 0, maximum: maximum, pattern: "^[^\\u0000]*$")
    case .id: .id
    case .integer(let range): .integer(range)
    case .flag: .flag
    case .time: .text(maximum: 40)
    case .oneOf(let words): .oneOf(words)
    }
  }

  static let lastID = Parameter("last_id", .id, "only what is older than this number")
  static let pageSize = Parameter(
    "page_size",
    .integer(1...1000),
    "how many at most",
    usual: "100"
  )
}

/// The values of the query of a request, checked against what the route declares.
struct Query: Sendable {
  private var values: [String: Value] = [:]

  /// - Throws: ``ServerError`` `badRequest` that names the parameter.
  init(_ pairs: [(name: String, value: String)], _ parameters: [Parameter]) throws {
    for parameter in parameters {
      let given = pairs.first { $0.name == parameter.name }?.value
      // An empty text counts as one that is missing; an empty number is a mistake.
      guard let given, !(given.isEmpty && parameter.kind.isText) else {
        guard !parameter.isRequired else {
          throw ServerError(.badRequest, "the parameter `\(parameter.name)` is missing")
        }
        continue
      }
      values[parameter.name] = try Self.value(given, parameter)
    }
  }

  func text(_ name: String) -> String? { values[name]?.string }
  func number(_ name: String) -> Int64? { values[name]?.int }
  func flag(_ name: String) -> Bool { values[name]?.bool ?? false }

  /// `last_id` and `page_size`.
  var page: (lastID: Int64?, size: Int) {
    (number("last_id"), Int(number("page_size") ?? 100))
  }

  private static func value(_ text: String, _ parameter: Parameter) throws -> Value {
    func refusal(_ expected: String) -> ServerError {
      let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
      return ServerError(
        .badRequest,
        "the parameter `\(parameter.name)` must be \(expected), found `\(shown)`"
      )
    }
    switch parameter.kind {
    case .text(let maximum):
      guard text.unicodeScalars.count <= maximum, !text.unicodeScalars.contains("\0") else {
        throw refusal("a text of at most \(maximum) characters")
      }
      return .string(text)
    case .id:
      guard let id = ObjectNumber.parse(text) else { throw refusal("a number") }
      return .int(id)
    case .integer(let range):
      guard let number = Int64(text), range.contains(number), text.first != "+" else {
        throw refusal("an integer from \(range.lowerBound) to \(range.upperBound)")
      }
      return .int(number)
    case .flag:
      guard text == "true" || text == "false" else { throw refusal("`true` or `false`") }
      return .bool(text == "true")
    case .time:
      guard let time = Timestamp.parse(text) else { throw refusal(Timestamp.expected) }
      return .int(time)
    case .oneOf(let words):
      guard words.contains(text) else {
        throw refusal(words.map { "`\($0)`" }.joined(separator: ", "))
      }
      return .string(text)
    }
  }
}

/// The numbers of projects, attempts and so on, as text.
enum ObjectNumber {
  /// The number of a text of up to 18 digits, 1 or more; nil for anything else.
  static func parse(_ text: String) -> Int64? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int64(text)
  }
}
