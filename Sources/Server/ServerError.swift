/// Why a request was refused.
public struct ServerError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// The request is not what it must be.
    case badRequest = "bad_request"
    case unauthenticated
    /// Known, but without the role it takes.
    case forbidden
    case notFound = "not_found"
    /// Something stands in the way: an attempt of that name, a session that runs.
    case conflict
    case tooLarge = "too_large"
    /// The project has mistakes.
    case refused
    /// Too many requests or attempts; later again.
    case busy
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
