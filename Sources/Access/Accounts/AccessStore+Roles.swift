import Storage
import Values

extension AccessStore {
  /// Gives an account a role in a project, or in the whole server when none is named, in the place
  /// of the one it has there.
  ///
  /// - Throws: ``AccessError`` `unknown`, or `conflict` when the last server admin would be gone.
  public func grant(_ role: Role, to number: Int64, in project: Int64?) throws {
    try setRole(role, of: number, in: project)
  }

  /// Takes the role away that an account has in a project, or in the whole server.
  ///
  /// - Throws: ``AccessError`` `unknown`, or `conflict` when the last server admin would be gone.
  public func withdrawRole(of number: Int64, in project: Int64?) throws {
    try setRole(nil, of: number, in: project)
  }

  /// The roles an account has in single projects.
  public func roles(of number: Int64) throws -> [ProjectRole] {
    try database.read { try Self.roles(of: number, $0) }
  }

  /// Who has a role in this very project, by name; those with a role in the whole server are not listed.
  public func members(of project: Int64) throws -> [ProjectRole] {
    try database.read {
      try $0.rows(
        """
        SELECT account_roles.*, accounts.name FROM account_roles
        JOIN accounts ON accounts.id = account_roles.account_id
        WHERE account_roles.project_id = $1 ORDER BY accounts.name
        """,
        [.int(project)]
      ).map(ProjectRole.init)
    }
  }

  /// Forgets who may do what in a project that was deleted; tokens for it alone are revoked.
  public func forgetProject(_ project: Int64) throws {
    try database.write { connection in
      try connection.execute(
        "DELETE FROM account_roles WHERE project_id = $1",
        [.int(project)]
      )
      try connection.execute(
        "UPDATE api_tokens SET revoked_at = $2 WHERE project_id = $1 AND revoked_at IS NULL",
        [.int(project), .int(clock())]
      )
    }
  }

  /// What an account may do.
  ///
  /// - Throws: ``AccessError`` `unknown`, or `unauthenticated` when it is disabled.
  public func principal(of number: Int64) throws -> Principal {
    try database.read { try Self.principal(of: Self.account(number, $0), $0) }
  }

  static func principal(of account: Account, _ connection: SQLConnection) throws -> Principal {
    guard !account.isDisabled else {
      throw AccessError(.unauthenticated, "the account `\(account.name)` is disabled")
    }
    let roles = try roles(of: account.number, connection)
    return Principal(
      account: account.number,
      name: account.name,
      email: account.email,
      onServer: account.serverRole,
      inProjects: Dictionary(uniqueKeysWithValues: roles.map { ($0.project, $0.role) })
    )
  }

  private static func roles(
    of number: Int64,
    _ connection: SQLConnection
  ) throws -> [ProjectRole] {
    try connection.rows(
      """
      SELECT account_roles.*, accounts.name FROM account_roles
      JOIN accounts ON accounts.id = account_roles.account_id
      WHERE account_roles.account_id = $1 ORDER BY account_roles.project_id
      """,
      [.int(number)]
    ).map(ProjectRole.init)
  }

  private func setRole(_ role: Role?, of number: Int64, in project: Int64?) throws {
    try database.write { connection in
      let account = try Self.account(number, connection)
      guard let project else {
        if role != .admin { try refuseLastAdmin(account, "given a lower role", connection) }
        try connection.execute(
          "UPDATE accounts SET server_role = $2 WHERE id = $1",
          [.int(number), Value(role)]
        )
        return
      }
      guard let role else {
        try connection.execute(
          "DELETE FROM account_roles WHERE account_id = $1 AND project_id = $2",
          [.int(number), .int(project)]
        )
        return
      }
      try connection.execute(
        """
        INSERT INTO account_roles (account_id, project_id, role) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, project_id) DO UPDATE SET role = excluded.role
        """,
        [.int(number), .int(project), .string(role.rawValue)]
      )
    }
  }
}
