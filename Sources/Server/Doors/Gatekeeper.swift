public import Access
public import Values

/// Who is let in, and how; filled by the composition root.
public struct Gatekeeper: Sendable {
  /// What a request shows of who makes it.
  public enum Credentials: Sendable {
    case none
    /// An API token.
    case bearer(Secret)
    case basic(name: String, password: Secret)
    /// The value of the cookie of a browser session.
    case session(Secret)
  }

  /// Who makes a request.
  public struct Caller: Sendable {
    public let principal: Principal
    /// What a changing request of a browser session must repeat in `X-CSRF-Token`; nil for other credentials.
    public let requestToken: Secret?

    public init(principal: Principal, requestToken: Secret? = nil) {
      self.principal = principal
      self.requestToken = requestToken
    }
  }

  /// A browser session that was just begun.
  public struct Login: Sendable {
    public let caller: Caller
    public let cookie: Secret
    /// Seconds.
    public let lifetime: Int

    public init(caller: Caller, cookie: Secret, lifetime: Int) {
      self.caller = caller
      self.cookie = cookie
      self.lifetime = lifetime
    }
  }

  /// The first account, which administers the server.
  public struct FirstAccount: Sendable {
    public let name: String
    public let email: String
    public let password: Secret
    /// What the server told its owner at its start, where it asks for it.
    public let code: Secret?

    public init(name: String, email: String, password: Secret, code: Secret?) {
      self.name = name
      self.email = email
      self.password = password
      self.code = code
    }
  }

  /// Wrong credentials throw; nil without credentials, unless the server has no accounts: then the owner.
  public var authenticate: @Sendable (Credentials, _ address: String) async throws -> Caller?
  public var login: @Sendable (_ name: String, Secret, _ address: String) async throws -> Login
  public var logout: @Sendable (_ cookie: Secret) async throws -> Void
  /// Refused with a conflict when there is an account.
  public var setUp: @Sendable (FirstAccount, _ address: String) async throws -> Login
  /// False when the server has no accounts and everyone who reaches it is its owner.
  public var hasAccounts: @Sendable () throws -> Bool

  public init(
    authenticate: @escaping @Sendable (Credentials, String) async throws -> Caller?,
    login: @escaping @Sendable (String, Secret, String) async throws -> Login,
    logout: @escaping @Sendable (Secret) async throws -> Void,
    setUp: @escaping @Sendable (FirstAccount, String) async throws -> Login,
    hasAccounts: @escaping @Sendable () throws -> Bool
  ) {
    self.authenticate = authenticate
    self.login = login
    self.logout = logout
    self.setUp = setUp
    self.hasAccounts = hasAccounts
  }
}
