import Values
import WorkflowEngine

/// The last lines of the log of an attempt.
struct LogTail: Sendable {
  struct Line: Sendable, Hashable {
    /// ISO 8601 in UTC.
    let time: String
    /// As in the log: `DEBUG`, `INFO`, `WARNING`, `ERROR`, `OUT`, `OUT+`.
    let level: String
    /// nil for a line about the attempt as a whole.
    let task: String?
    let message: String
  }

  /// So many are sent with the page.
  static let size = 500

  let lines: [Line]
  /// True when the log has more before them.
  let isCut: Bool

  var value: Value {
    [
      "lines": .array(
        lines.map {
          [
            "time": .string($0.time), "level": .string($0.level), "task": Encoded.text($0.task),
            "message": .string($0.message),
          ]
        }
      ),
      "isCut": .bool(isCut),
    ]
  }

  var html: HTML {
    var all = HTML.empty
    for line in lines { all.append(line.html) }
    return all
  }
}

extension LogTail.Line {
  /// The same shape as `console.js` gives to lines that come later.
  var html: HTML {
    tag("span", .class("l l-\(loudness)")) {
      tag("i") { time.dropFirst(11).prefix(12) + " " }
      tag("b") { (task ?? "attempt") + " " }
      Self.withoutColours(message) + "\n"
    }
  }

  private var loudness: String {
    switch level {
    case "DEBUG": "debug"
    case "WARNING": "warning"
    case "ERROR": "error"
    case "OUT", "OUT+": "out"
    default: "info"
    }
  }

  /// Leaves out the sequences that only colour (`ESC [ … m`); other control characters are shown by ``HTML``.
  static func withoutColours(_ text: String) -> String {
    guard text.utf8.contains(0x1b) else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{1b}", rest.first == "[" {
        let digits = rest.dropFirst().prefix { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
        if rest[digits.endIndex...].first == "m" {
          rest = rest[digits.endIndex...].dropFirst()
          continue
        }
      }
      result.append(scalar)
    }
    return String(result)
  }
}
