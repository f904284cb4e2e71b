import Access

/// Loads the pages of accounts and of the audit.
struct AccountLoading: Sendable {
  let rooms: Rooms

  func own(_ request: ConsoleRequest) throws -> AccountPage { try page(of: request.principal) }

  func page(of principal: Principal) throws -> AccountPage {
    AccountPage(
      name: principal.name,
      email: principal.email,
      role: principal.role(in: nil),
      tokens: try rooms.accounts.tokens(principal.account).map { token in
        AccountPage.Token(
          id: token.id,
          name: token.name,
          createdAt: token.createdAt,
          expiresAt: token.expiresAt,
          lastUsedAt: token.lastUsedAt
        )
      }
    )
  }

  func users() throws -> UsersPage {
    UsersPage(
      entries: try rooms.accounts.accounts().map { account in
        UsersPage.Entry(
          id: account.id,
          name: account.name,
          email: account.email,
          role: account.role,
          createdAt: account.createdAt,
          isDisabled: account.isDisabled
        )
      }
    )
  }

  func audit(_ request: ConsoleRequest) throws -> AuditPage {
    var filter = AuditTrail.Filter(limit: ConsoleRequest.pageSize + 1)
    filter.lastID = request.olderThan
    filter.action = request.query["action"].flatMap { $0.isEmpty ? nil : String($0.prefix(100)) }
    let (entries, paging) = Paging.page(try rooms.audit.entries(filter), request, key: \.id)
    return AuditPage(
      action: filter.action,
      entries: entries.map { entry in
        AuditPage.Entry(
          id: entry.id,
          time: entry.time,
          actor: entry.event.actor,
          isToken: entry.event.token != nil,
          action: entry.event.action,
          object: entry.event.object,
          status: entry.event.status,
          address: entry.event.address,
          requestID: entry.event.requestID
        )
      },
      paging: paging
    )
  }
}
