import Values
import WorkflowLanguage

/// A mistake in a test file, at its place.
struct TestFileProblem: Error, CustomStringConvertible {
  let message: String
  let location: SourceLocation?
  let hint: String?

  init(_ message: String, at location: SourceLocation?, hint: String? = nil) {
    self.message = message
    self.location = location
    self.hint = hint
  }

  var description: String { Diagnostic(.error, message, at: location, hint: hint).description }
}

/// Typed look-up in a test file; everything that is not understood is refused.
extension PlacedValue {
  typealias Entry = (key: String, place: SourceLocation?, value: PlacedValue)

  /// The entries of a map that may have these keys only.
  func map(_ what: String, only keys: [String]) throws(TestFileProblem) -> [Entry] {
    let entries = try map(what)
    for entry in entries where !keys.contains(entry.key) {
      let near = Suggestion.nearest(to: entry.key, among: keys, limit: 1).first
      throw TestFileProblem(
        "`\(entry.key)` is no key of \(what)",
        at: entry.place,
        hint: near.map { "did you mean `\($0)`" }
          ?? "it may have \(keys.map { "`\($0)`" }.joined(separator: ", "))"
      )
    }
    return entries
  }

  func map(_ what: String) throws(TestFileProblem) -> [Entry] {
    if value.isNull { return [] }
    guard let entries else { throw mismatch(what, "a map") }
    return entries
  }

  func list(_ what: String) throws(TestFileProblem) -> [PlacedValue] {
    if value.isNull { return [] }
    guard let items else { throw mismatch(what, "a list") }
    return items
  }

  func text(_ what: String) throws(TestFileProblem) -> String {
    switch value {
    case .string, .int, .double, .bool: return value.text
    case .null, .array, .object: throw mismatch(what, "a text")
    }
  }

  func object(_ what: String) throws(TestFileProblem) -> ObjectValue {
    if value.isNull { return [:] }
    guard let object = value.object else { throw mismatch(what, "a map") }
    return object
  }

  func number(_ what: String, from least: Int64 = 0) throws(TestFileProblem) -> Int {
    guard let number = value.int, number >= least else {
      throw mismatch(what, "a whole number of \(least) or more")
    }
    return Int(number)
  }

  func mismatch(_ what: String, _ expected: String) -> TestFileProblem {
    TestFileProblem("\(what) must be \(expected), found the \(value.kind) \(value)", at: location)
  }
}

extension [PlacedValue.Entry] {
  subscript(key: String) -> PlacedValue? { first { $0.key == key }?.value }
}
