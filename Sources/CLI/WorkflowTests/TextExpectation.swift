import Values
import WorkflowLanguage

/// What a text must be, or hold.
struct TextExpectation: Sendable {
  let place: SourceLocation?
  private var whole: String?
  private var parts: [String] = []
  private var absent: [String] = []

  /// Reads a text, or a map of `is`, `contains` and `lacks`.
  ///
  /// - Throws: ``TestFileProblem``.
  init(_ written: PlacedValue, of what: String) throws(TestFileProblem) {
    place = written.location
    guard written.entries != nil else {
      whole = try written.text(what)
      return
    }
    for (key, _, value) in try written.map(what, only: ["is", "contains", "lacks"]) {
      switch key {
      case "is": whole = try value.text("`is`")
      case "contains": parts = try Self.texts(value, "`contains`")
      default: absent = try Self.texts(value, "`lacks`")
      }
    }
  }

  private static func texts(
    _ written: PlacedValue,
    _ what: String
  ) throws(TestFileProblem) -> [String] {
    var texts: [String] = []
    for item in written.items ?? [written] { texts.append(try item.text(what)) }
    return texts
  }

  /// What is wrong with a text; blanks at the ends of lines and around it do not count.
  func failures(of found: String, _ what: String) -> [TestFailure] {
    let text = Self.tidy(found)
    var failures: [TestFailure] = []
    if let whole, Self.tidy(whole) != text {
      failures.append(
        TestFailure("\(what) differs", at: place, expected: Self.tidy(whole), found: text)
      )
    }
    for part in parts where !text.contains(Self.tidy(part)) {
      failures.append(
        TestFailure("\(what) lacks a part", at: place, expected: Self.tidy(part), found: text)
      )
    }
    for part in absent where text.contains(Self.tidy(part)) {
      failures.append(
        TestFailure("\(what) holds `\(Self.tidy(part))`", at: place, expected: nil, found: text)
      )
    }
    return failures
  }

  private static func tidy(_ text: String) -> String {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.reversed().drop { $0.isWhitespace }.reversed() }.map { String($0) }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

/// One thing that came out otherwise than a test says.
struct TestFailure: Sendable {
  let message: String
  /// Where the test says it.
  let place: SourceLocation?
  let expected: String?
  let found: String?

  init(
    _ message: String,
    at place: SourceLocation?,
    expected: String? = nil,
    found: String? = nil
  ) {
    self.message = message
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// The message and, below it, the lines that differ.
  var lines: [String] {
    let head = (place.map { "\($0): " } ?? "") + message
    switch (expected, found) {
    case (let expected?, let found?):
      return [head] + TextDifference.lines(expected: expected, found: found).map { "  " + $0 }
    case (nil, let found?): return [head] + found.split(separator: "\n").map { "  + \($0)" }
    case (let expected?, nil): return [head] + expected.split(separator: "\n").map { "  - \($0)" }
    case (nil, nil): return [head]
    }
  }
}

/// Two texts, line by line: `-` was expected, `+` was found.
enum TextDifference {
  /// Longer texts are not compared line by line.
  private static let mostLines = 2_000

  static func lines(expected: String, found: String) -> [String] {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let new = found.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard old.count <= mostLines, new.count <= mostLines else {
      return ["- \(old.count) lines", "+ \(new.count) lines"]
    }
    let changes = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [String] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left), left < old.count {
        lines.append("- " + old[left])
        left += 1
      } else if inserted.contains(right), right < new.count {
        lines.append("+ " + new[right])
        right += 1
      } else {
        lines.append("  " + old[left])
        left += 1
        right += 1
      }
    }
    return lines
  }
}
