/// One problem of a project, found before anything runs.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// An error refuses the project, a warning does not.
  public enum Severity: String, Sendable, Hashable { case error, warning }

  public let severity: Severity
  /// What was expected and what was found; lower case, no full stop, literals in backticks.
  public let message: String
  public let location: SourceLocation?
  /// How to mend it, where known.
  public let hint: String?

  public init(
    _ severity: Severity,
    _ message: String,
    at location: SourceLocation? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.message = message
    self.location = location
    self.hint = hint
  }

  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    return "\(place)\(severity.rawValue): \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
  }
}
