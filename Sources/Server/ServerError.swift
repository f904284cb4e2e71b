/// Why a request was refused.
public struct ServerError: Error, Sendable, CustomStringConvertible {
  /// What kind of refusal it is.
  public enum Code: String, Sendable, CaseIterable {
    /// The request is not what it must be.
    case badRequest = "bad_request"
    case unauthenticated
    /// Known, but without the role it takes.
    case forbidden
    case notFound = "not_found"
    /// Something stands in the way: an attempt of that name, a session that runs.
    case conflict
    case methodNotAllowed = "method_not_allowed"
    /// The body did not come in time.
    case timeout
    case tooLarge = "too_large"
    /// The body is not of the media type that is taken.
    case wrongType = "wrong_type"
    /// A range of a file that the file does not have.
    case badRange = "bad_range"
    /// The project has mistakes.
    case refused
    /// Too many requests or attempts; later again.
    case busy
    /// The server is about to end.
    case closing
    /// A fault of ours; what it was is in the server's log only.
    case unexpected
  }

  public let code: Code
  public let message: String
  public let hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
