public import WorkflowLanguage

/// Why a project, a revision or an archive was refused.
public struct ProjectError: Error, Sendable, CustomStringConvertible {
  /// What kind of refusal it is.
  public enum Code: String, Sendable, CaseIterable {
    /// There is no such project or revision.
    case unknown
    /// A name that cannot be used.
    case invalidName
    /// The project has a revision of that name already, with other files.
    case conflict
    /// The bytes are no archive that can be accepted: damaged, too large, or with entries that leave the project.
    case badArchive
    /// The workflows have mistakes, see the diagnostics; or the folder has a file that cannot be packed.
    case refused
    /// The folder cannot be read or written.
    case io
  }

  public let code: Code
  public let message: String
  public let hint: String?
  /// What is wrong in which file, for `refused`.
  public let diagnostics: [Diagnostic]

  public init(
    _ code: Code,
    _ message: String,
    hint: String? = nil,
    diagnostics: [Diagnostic] = []
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.diagnostics = diagnostics
  }

  public var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
