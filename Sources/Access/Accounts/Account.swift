public import Values

/// Someone who may sign in.
public struct Account: Sendable, Hashable {
  public let number: Int64
  /// Unique, in small letters.
  public let name: String
  /// Empty when none was given.
  public let email: String
  /// The role in every project and for the server itself; nil for none.
  public let serverRole: Role?
  public let isDisabled: Bool
  public let createdAt: Int64
  public let lastSignInAt: Int64?
}

/// What a new account is to be.
public struct NewAccount: Sendable {
  public let name: String
  public let email: String
  public let password: Secret
  public let serverRole: Role?

  public init(name: String, email: String = "", password: Secret, serverRole: Role? = nil) {
    self.name = name
    self.email = email
    self.password = password
    self.serverRole = serverRole
  }
}

/// A role that an account has in one project.
public struct ProjectRole: Sendable, Hashable {
  public let account: Int64
  public let accountName: String
  public let project: Int64
  public let role: Role
}

extension Account {
  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    self.init(
      number: try row.integer("id"),
      name: try row.text("name"),
      email: try row.text("email"),
      serverRole: try row.optionalRole("server_role"),
      isDisabled: try row.integer("disabled") != 0,
      createdAt: try row.integer("created_at"),
      lastSignInAt: try row.optionalInteger("last_sign_in_at")
    )
  }
}

extension ProjectRole {
  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    self.init(
      account: try row.integer("account_id"),
      accountName: try row.text("name"),
      project: try row.integer("project_id"),
      role: try row.role("role")
    )
  }
}
