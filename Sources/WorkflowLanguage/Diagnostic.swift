/// One problem of a project, found before anything runs.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// An error refuses the project; a warning is a likely mistake, an info is worth knowing.
  public enum Severity: String, Sendable, Hashable { case error, warning, info }

  public let severity: Severity
  /// What was expected and what was found; lower case, no full stop, literals in backticks.
  public let message: String
  public let location: SourceLocation?
  /// How to mend it, where known.
  public let hint: String?
  /// The name of the rule of the linter that found it; nil for what loading a project finds.
  public var rule: String?

  /// Longer messages are cut: a file may hold names of any length.
  private static let longestMessage = 2_000

  public init(
    _ severity: Severity,
    _ message: String,
    at location: SourceLocation? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.message =
      message.utf8.count > Self.longestMessage ? message.prefix(Self.longestMessage) + "…" : message
    self.location = location
    self.hint = hint
  }

  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    let name = rule.map { " [\($0)]" } ?? ""
    return "\(place)\(severity.rawValue): \(message)\(name)"
      + (hint.map { "\n  hint: \($0)" } ?? "")
  }
}
