/// Why an attempt cannot be begun, continued or saved: the error of this room, beside ``TaskFailure`` of single tasks.
public struct EngineError: Error, Sendable, CustomStringConvertible {
  /// What kind of problem it is, to branch on.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// No attempt has this number.
    case unknownAttempt
    /// The session has an attempt of this name already.
    case conflict
    /// The attempt has ended; nothing about it changes any more.
    case ended
    /// Another runner holds the attempt and its lease has not run out.
    case leaseHeld
    /// Another runner took the attempt over: this one must stop and may not write.
    case leaseLost
    /// What an attempt is to take over cannot be taken over.
    case refused
    /// What is stored about the attempt cannot be read.
    case unreadable
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
