public import Access
public import Values

/// What the server asks about accounts, tokens and roles; filled by the composition root.
public struct AccountControl: Sendable {
  /// An account as it is shown.
  public struct Account: Sendable, Hashable {
    public let id: Int64
    public let name: String
    public let email: String
    /// In every project and for the server itself; nil for none.
    public let role: Role?
    /// Unix seconds, as all times.
    public let createdAt: Double
    public let isDisabled: Bool

    public init(
      id: Int64,
      name: String,
      email: String,
      role: Role?,
      createdAt: Double,
      isDisabled: Bool = false
    ) {
      self.id = id
      self.name = name
      self.email = email
      self.role = role
      self.createdAt = createdAt
      self.isDisabled = isDisabled
    }
  }

  /// What an account is given; nil leaves it as it is.
  public struct Change: Sendable {
    public var name: String?
    public var email: String?
    public var password: Secret?
    /// `.some(nil)` takes the role away.
    public var role: Role??
    public var isDisabled: Bool?

    public init() {}
  }

  /// An API token without its secret part.
  public struct Token: Sendable, Hashable {
    public let id: Int64
    public let account: Int64
    public let name: String
    public let createdAt: Double
    /// nil for one that does not expire.
    public let expiresAt: Double?
    public let lastUsedAt: Double?

    public init(
      id: Int64,
      account: Int64,
      name: String,
      createdAt: Double,
      expiresAt: Double? = nil,
      lastUsedAt: Double? = nil
    ) {
      self.id = id
      self.account = account
      self.name = name
      self.createdAt = createdAt
      self.expiresAt = expiresAt
      self.lastUsedAt = lastUsedAt
    }
  }

  /// The role of an account in one project.
  public struct Grant: Sendable, Hashable {
    public let account: Int64
    public let accountName: String
    public let role: Role

    public init(account: Int64, accountName: String, role: Role) {
      self.account = account
      self.accountName = accountName
      self.role = role
    }
  }

  /// In order of numbers.
  public var accounts: @Sendable () throws -> [Account]
  public var create: @Sendable (Change) async throws -> Account
  public var change: @Sendable (_ account: Int64, Change) async throws -> Account
  public var delete: @Sendable (_ account: Int64) throws -> Void
  /// Checks the old password; ends the account's other browser sessions.
  public var changePassword:
    @Sendable (_ account: Int64, _ old: Secret, _ new: Secret) async throws -> Void
  /// Of one account (nil: the owner of a server without accounts).
  public var tokens: @Sendable (_ account: Int64?) throws -> [Token]
  /// Gives the text of the token, which is never shown again.
  public var createToken:
    @Sendable (_ account: Int64?, _ name: String, _ expiresAt: Double?) throws -> (Token, Secret)
  public var revokeToken: @Sendable (_ account: Int64?, _ token: Int64) throws -> Void
  public var grants: @Sendable (_ project: Int64) throws -> [Grant]
  /// nil takes the role away.
  public var setGrant: @Sendable (_ project: Int64, _ account: Int64, Role?) throws -> Void

  public init(
    accounts: @escaping @Sendable () throws -> [Account],
    create: @escaping @Sendable (Change) async throws -> Account,
    change: @escaping @Sendable (Int64, Change) async throws -> Account,
    delete: @escaping @Sendable (Int64) throws -> Void,
    changePassword: @escaping @Sendable (Int64, Secret, Secret) async throws -> Void,
    tokens: @escaping @Sendable (Int64?) throws -> [Token],
    createToken: @escaping @Sendable (Int64?, String, Double?) throws -> (Token, Secret),
    revokeToken: @escaping @Sendable (Int64?, Int64) throws -> Void,
    grants: @escaping @Sendable (Int64) throws -> [Grant],
    setGrant: @escaping @Sendable (Int64, Int64, Role?) throws -> Void
  ) {
    self.accounts = accounts
    self.create = create
    self.change = change
    self.delete = delete
    self.changePassword = changePassword
    self.tokens = tokens
    self.createToken = createToken
    self.revokeToken = revokeToken
    self.grants = grants
    self.setGrant = setGrant
  }
}
