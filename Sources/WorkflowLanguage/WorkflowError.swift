/// Why a text, a file, a template or a schedule of a workflow is refused: the one error of this room.
public struct WorkflowError: Error, Sendable, CustomStringConvertible {
  /// What kind of problem it is, to branch on.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The text is not YAML of the workflow dialect.
    case yaml
    /// One map has the same key twice.
    case duplicateKey
    /// An `!include` cannot be followed.
    case include
    /// The YAML is sound, but it is no workflow.
    case structure
    /// A task or workflow has a name that is not allowed.
    case name
    case timezone
    case template
    case parameter
    case schedule
    case fileNotFound
    /// A project has no workflow of the name asked for.
    case unknownWorkflow
  }

  public let code: Code
  /// What was expected and what was found; never a secret.
  public let message: String
  public let location: SourceLocation?
  /// How to mend it, where known.
  public let hint: String?
  public let cause: (any Error)?

  public init(
    _ code: Code,
    _ message: String,
    at location: SourceLocation? = nil,
    hint: String? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
    self.cause = cause
  }

  /// The problem as it is listed for a project.
  public var diagnostic: Diagnostic { Diagnostic(.error, message, at: location, hint: hint) }

  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    return place + message + (hint.map { "\n  hint: \($0)" } ?? "")
  }
}
