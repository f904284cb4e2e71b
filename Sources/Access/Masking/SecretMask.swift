public import Values

/// Replaces secrets by `***` in what is shown: logs, messages, stored values.
///
/// Each is found as it is and as other programs write it: base64 (both alphabets, at each of the three
/// alignments), percent-encoded, escaped as in JSON, HTML, Python, shells, SQL and CSV, in hexadecimal, and
/// backwards. Each line of a secret of several lines, if it has 8 bytes or more, is masked on its own too.
///
/// A secret of less than 4 bytes is not masked: `1` or `sql` would make logs unreadable and would not
/// be hidden, since the gaps would tell it.
public struct SecretMask: Sendable {
  public static let fewestBytes = 4
  public static let fewestBytesOfLine = 8
  static let stars = Array("***".utf8)

  let index: PatternIndex

  /// Takes a moment for long secrets: made once for a task, not for each line.
  public init(_ secrets: some Sequence<Secret>) {
    var patterns: Set<[UInt8]> = []
    for secret in secrets { patterns.formUnion(SecretForms(of: secret.reveal()).patterns) }
    index = PatternIndex(patterns)
  }

  /// True when it would change nothing.
  public var isEmpty: Bool { index.isEmpty }

  /// The bytes with every secret replaced.
  public func mask(_ bytes: [UInt8]) -> [UInt8] {
    guard !isEmpty else { return bytes }
    var stream = MaskStream(self)
    return stream.feed(bytes) + stream.finish()
  }

  /// The text with every secret replaced.
  public func mask(_ text: String) -> String {
    isEmpty ? text : String(decoding: mask(Array(text.utf8)), as: UTF8.self)
  }

  /// The value with every secret replaced, also in keys; a number that has a secret in it becomes text.
  public func mask(_ value: Value) -> Value {
    guard !isEmpty else { return value }
    return switch value {
    case .null, .bool: value
    case .string(let text): .string(mask(text))
    case .int, .double: masked(number: value)
    case .array(let elements): .array(elements.map(mask))
    case .object(let members): .object(ObjectValue(members.map { (mask($0), mask($1)) }))
    }
  }

  private func masked(number: Value) -> Value {
    let masked = mask(number.text)
    return masked == number.text ? number : .string(masked)
  }
}
