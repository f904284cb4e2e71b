/// Why a metric has no value.
public struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong, to branch on.
  public enum Code: String, Sendable, CaseIterable {
    /// A ranking metric needs both classes.
    case oneClass
    /// A score or weight is NaN or infinite.
    case notFinite
    /// Arrays that belong together have different lengths.
    case lengthMismatch
    /// A weight is negative, or all of one class are zero.
    case badWeight
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
