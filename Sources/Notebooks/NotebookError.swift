/// Why a notebook could not be run to its end, in words for the person who asked for it.
public struct NotebookError: Error, Sendable, CustomStringConvertible {
  /// What a caller may branch on.
  public enum Code: String, Sendable, CaseIterable {
    /// The Python environment is absent, broken or of other versions.
    case runtimeMissing
    /// There is no notebook of that name or at that path.
    case notebookMissing
    /// An option is absent, unknown or of the wrong kind.
    case badParameters
    /// The table does not allow what was asked: one class, null labels, no rows, no such column.
    case badInput
    /// A cell raised an exception.
    case cellFailed
    /// The kernel ended without an exception, as by a crash in native code.
    case kernelDied
    case timedOut
    case outOfMemory
    case cancelled
    case diskFull
    /// The process around the notebook failed: papermill, the supervisor, a file of the job.
    case runnerFailed
  }

  public let code: Code
  /// One sentence: for a failed cell its number and the exception's last line.
  public let message: String
  /// More lines for the log, as the traceback; without control sequences.
  public let detail: String?
  /// The notebook as far as it came; nil when nothing was executed.
  public let executedNotebook: String?
  /// The page made from ``executedNotebook``.
  public let html: String?
  public let cause: (any Error)?

  public init(
    _ code: Code,
    _ message: String,
    detail: String? = nil,
    executedNotebook: String? = nil,
    html: String? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.detail = detail
    self.executedNotebook = executedNotebook
    self.html = html
    self.cause = cause
  }

  public var description: String { message }
}
