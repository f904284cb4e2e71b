import Access
import Server
import Values

extension AccessRooms {
  var accounts: AccountControl {
    AccountControl(
      accounts: { try store.accounts().map(Self.shown) },
      create: { try create($0) },
      change: { try change($0, $1) },
      delete: { try store.deleteAccount($0) },
      changePassword: { account, old, new in
        try await changePassword(of: account, from: old, to: new)
      },
      tokens: { account in
        guard let account else { return [] }
        return try store.tokens(of: account).map(Self.shown)
      },
      createToken: { account, name, expiry in
        guard let account else { throw Self.needsNoToken }
        let new = try store.makeToken(
          name,
          for: account,
          expiresAt: expiry.map { Int64($0 * 1000) }
        )
        return (Self.shown(new.token), new.secret)
      },
      revokeToken: { account, token in
        guard let account else { throw Self.needsNoToken }
        try store.revokeToken(token, of: account)
      },
      grants: { project in
        try store.members(of: project).map {
          AccountControl.Grant(account: $0.account, accountName: $0.accountName, role: $0.role)
        }
      },
      setGrant: { project, account, role in
        if let role {
          try store.grant(role, to: account, in: project)
        } else {
          try store.withdrawRole(of: account, in: project)
        }
      }
    )
  }

  private static let needsNoToken = ServerError(
    .conflict,
    "the server has no accounts, so nobody needs a token",
    hint: "`tadoru login --first` makes the first account"
  )

  private func changePassword(of number: Int64, from old: Secret, to new: Secret) async throws {
    let account = try store.account(number)
    // Counted like a sign-in, so that a session that was left open is of no use for guessing.
    _ = try await signIn.account(name: account.name, password: old, address: "password change")
    try store.setPassword(new, of: number)
  }

  private func create(_ change: AccountControl.Change) throws -> AccountControl.Account {
    guard let password = change.password else {
      throw ServerError(.badRequest, "a new account needs a `password`")
    }
    let new = NewAccount(
      name: change.name ?? "",
      email: change.email ?? "",
      password: password,
      serverRole: change.role.flatMap(\.self)
    )
    let account = try store.addAccount(new)
    if change.isDisabled == true { try store.setDisabled(true, of: account.number) }
    return Self.shown(try store.account(account.number))
  }

  private func change(
    _ number: Int64,
    _ change: AccountControl.Change
  ) throws -> AccountControl.Account {
    let account = try store.account(number)
    if let name = change.name, name != account.name {
      throw ServerError(
        .badRequest,
        "the name of an account stays as it is",
        hint: "make another account, and disable this one"
      )
    }
    if let email = change.email { try store.setEmail(email, of: number) }
    if let password = change.password { try store.setPassword(password, of: number) }
    switch change.role {
    case .some(let role?): try store.grant(role, to: number, in: nil)
    case .some(nil): try store.withdrawRole(of: number, in: nil)
    case nil: break
    }
    if let isDisabled = change.isDisabled { try store.setDisabled(isDisabled, of: number) }
    return Self.shown(try store.account(number))
  }

  private static func shown(_ account: Account) -> AccountControl.Account {
    AccountControl.Account(
      id: account.number,
      name: account.name,
      email: account.email,
      role: account.serverRole,
      createdAt: Double(account.createdAt) / 1000,
      isDisabled: account.isDisabled
    )
  }

  private static func shown(_ token: APIToken) -> AccountControl.Token {
    AccountControl.Token(
      id: token.number,
      account: token.account,
      name: token.name,
      createdAt: Double(token.createdAt) / 1000,
      expiresAt: token.expiresAt.map { Double($0) / 1000 },
      lastUsedAt: token.lastUsedAt.map { Double($0) / 1000 }
    )
  }
}
