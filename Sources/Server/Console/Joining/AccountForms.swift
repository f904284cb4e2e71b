import Access
import Values

/// Forms about oneself: logging in and out, tokens, the password.
struct AccountForms: Sendable {
  private static let day = 86_400.0

  let rooms: Rooms
  let settings: ServerSettings

  func login(_ exchange: Exchange) async throws -> FormOutcome {
    let next = LoginPage.safe(try exchange.fields.text("next", maximum: 2000))
    let login = try await rooms.login(exchange)
    var outcome = FormOutcome(next: .address(next ?? ConsoleAddress.home.text))
    outcome.cookie = SessionCookie.header(login, isSecure: settings.isSecure)
    return outcome.about(login.caller.principal.name)
  }

  func logout(_ exchange: Exchange) async throws -> FormOutcome {
    try await rooms.logout(exchange)
    var outcome = FormOutcome.to(ConsoleAddress("login"), "You are logged out.")
    outcome.cookie = SessionCookie.forgotten(isSecure: settings.isSecure)
    return outcome
  }

  /// Where a login that failed is tried again, with the way on.
  static func loginPage(_ exchange: Exchange) -> ConsoleAddress {
    ConsoleAddress("login").query(
      "next",
      LoginPage.safe(exchange.fields.members["next"]?.string)
    )
  }

  /// Answers with the page itself: the text of the token goes no other way.
  func createToken(_ exchange: Exchange) throws -> FormOutcome {
    let days = try exchange.fields.number("days", in: 1...3650)
    let (token, text) = try rooms.createToken(
      exchange,
      expiresAt: days.map { rooms.inputs.now() + Double($0) * Self.day }
    )
    var page = try AccountLoading(rooms: rooms).page(of: exchange.principal)
    page.created = AccountPage.NewToken(name: token.name, text: text)
    return .page(page).about("token \(token.id)")
  }

  func revokeToken(_ exchange: Exchange) throws -> FormOutcome {
    try rooms.accounts.revokeToken(
      exchange.principal.account,
      exchange.id("token", "token")
    )
    return .to(.account, "The token is revoked.")
  }

  func changePassword(_ exchange: Exchange) async throws -> FormOutcome {
    try await rooms.changePassword(exchange)
    return .to(.account, "The password is changed. Other browsers are logged out.")
  }
}

/// Forms about other accounts.
struct UserForms: Sendable {
  let rooms: Rooms

  func create(_ exchange: Exchange) async throws -> FormOutcome {
    let account = try await rooms.createAccount(exchange.fields)
    return .to(.users, "The account of \(account.name) is made.").about("user \(account.id)")
  }

  /// An empty role takes it away.
  func setRole(_ exchange: Exchange) async throws -> FormOutcome {
    var change = AccountControl.Change()
    change.role = .some(try exchange.fields.oneOf("role", Role.self))
    let account = try await self.change(exchange, change)
    let words = account.role.map { "is \($0.rawValue)" } ?? "has no role"
    return .to(.users, "\(account.name) \(words) on the server.")
  }

  func setDisabled(_ exchange: Exchange, _ isDisabled: Bool) async throws -> FormOutcome {
    var change = AccountControl.Change()
    change.isDisabled = isDisabled
    let account = try await self.change(exchange, change)
    return .to(.users, "\(account.name) is \(isDisabled ? "disabled" : "enabled").")
  }

  private func change(
    _ exchange: Exchange,
    _ change: AccountControl.Change
  ) async throws -> AccountControl.Account {
    try await rooms.accounts.change(rooms.account(exchange.id("user", "user")).id, change)
  }
}
