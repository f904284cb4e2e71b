/// Why something about accounts, tokens, roles or secrets was refused.
public struct AccessError: Error, Sendable, CustomStringConvertible {
  /// What kind of refusal it is.
  public enum Code: String, Sendable, CaseIterable {
    /// Nobody has that name, token or number.
    case unknown
    /// The name, password, role or time is not what it must be.
    case invalid
    /// There is one of that name already, or the last server admin would be gone.
    case conflict
    /// Name or password is wrong, the token is unknown, expired or revoked.
    case unauthenticated
    /// Too many wrong passwords; later again.
    case throttled
    /// The key that secrets are encrypted with is missing, or is another one.
    case wrongKey
    /// What is stored is not what was written.
    case damaged
  }

  public let code: Code
  public let message: String
  public let hint: String?
  /// With `throttled`: the seconds to wait, for `Retry-After`.
  public let retryAfterSeconds: Int64?

  public init(
    _ code: Code,
    _ message: String,
    hint: String? = nil,
    retryAfterSeconds: Int64? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.retryAfterSeconds = retryAfterSeconds
  }

  public var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
