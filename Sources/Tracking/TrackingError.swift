/// Why the tracking store could not do what was asked.
public struct TrackingError: Error, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable, CaseIterable {
    /// No such experiment, run, user, model or version; the message has the nearest names.
    case notFound
    /// The model exists but belongs to another user; the message says how to share it.
    case otherOwner
    /// A name or value is not allowed.
    case invalid
    /// A parameter was already logged with another value.
    case conflict
    /// A file of an artifact could not be written or read, or is not what was stored.
    case artifact
    /// The database refused; the cause is a `StorageError`.
    case storage
  }

  public let code: Code
  public let message: String
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var description: String { message }
}
