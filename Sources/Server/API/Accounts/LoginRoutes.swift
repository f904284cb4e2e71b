import Access
import HTTPTypes
import Values

/// Browser sessions, and who one is.
struct LoginRoutes {
  let rooms: Rooms
  let settings: ServerSettings

  var list: [Route] {
    let me = Route.Answers.json(.named("Me"))
    return [
      Route(.post, "/api/login", "begins a browser session", .open, handler: login)
        .takes(
          .json(
            .members(
              [("user", .text(maximum: 320)), ("password", .text(maximum: 1000))],
              closed: true
            )
          )
        ).gives(me, errors: [401, 429]).audited("session.begin"),
      Route(.post, "/api/logout", "ends the browser session", .signedIn, handler: logout)
        .audited("session.end"),
      Route(.get, "/api/me", "who one is", .signedIn) { exchange in
        .json(try value(exchange.caller))
      }.gives(me),
      Route(
        .put,
        "/api/me/password",
        "changes one's own password",
        .signedIn,
        handler: changePassword
      ).takes(
        .json(
          .members([("old", .text(maximum: 1000)), ("new", .text(maximum: 1000))], closed: true)
        )
      ).gives(.nothing, errors: [409, 429]).audited("password.change"),
      Route(
        .post,
        "/api/setup",
        "makes the first account, which administers the server; refused when there is one",
        .open,
        handler: setUp
      ).takes(
        .json(
          .members(
            [
              ("name", .text(maximum: 100)), ("email", .text(maximum: 320)),
              ("password", .text(maximum: 1000)), ("code?", .text(maximum: 200)),
            ],
            closed: true
          )
        )
      ).gives(me, errors: [401, 409, 429]).audited("server.setup"),
    ]
  }

  private func login(_ exchange: Exchange) async throws -> Answer {
    try begun(try await rooms.login(exchange))
  }

  private func setUp(_ exchange: Exchange) async throws -> Answer {
    let fields = exchange.fields
    guard let password = try fields.secret("password") else { throw fields.missing("password") }
    let account = Gatekeeper.FirstAccount(
      name: try fields.requiredText("name", maximum: 100),
      email: try fields.requiredText("email", maximum: 320),
      password: password,
      code: try fields.secret("code", maximum: 200)
    )
    return try begun(try await rooms.gate.setUp(account, exchange.visitor.address))
  }

  private func begun(_ login: Gatekeeper.Login) throws -> Answer {
    var answer = Answer.json(try value(login.caller)).about(login.caller.principal.name)
    answer.headers[.setCookie] = SessionCookie.header(login, isSecure: settings.isSecure)
    return answer
  }

  private func logout(_ exchange: Exchange) async throws -> Answer {
    try await rooms.logout(exchange)
    var answer = Answer.nothing
    answer.headers[.setCookie] = SessionCookie.forgotten(isSecure: settings.isSecure)
    return answer
  }

  private func changePassword(_ exchange: Exchange) async throws -> Answer {
    try await rooms.changePassword(exchange)
    return .nothing
  }

  private func value(_ caller: Gatekeeper.Caller?) throws -> Value {
    guard let caller else { throw ServerError(.unauthenticated, "this takes credentials") }
    let principal = caller.principal
    return [
      "id": .id(principal.account), "name": .string(principal.name),
      "email": .string(principal.email), "role": .text(principal.role(in: nil)?.rawValue),
      "requestToken": .text(caller.requestToken?.reveal()),
      "hasAccounts": .bool(try rooms.gate.hasAccounts()),
    ]
  }
}

extension Rooms {
  /// Begins a browser session with `user` and `password` of the body.
  func login(_ exchange: Exchange) async throws -> Gatekeeper.Login {
    let fields = exchange.fields
    let name = try fields.requiredText("user", maximum: 320)
    guard let password = try fields.secret("password") else { throw fields.missing("password") }
    return try await gate.login(name, password, exchange.visitor.address)
  }

  func logout(_ exchange: Exchange) async throws {
    if case .session(let cookie) = exchange.visitor.credentials { try await gate.logout(cookie) }
  }

  /// From `old` to `new` of the body.
  func changePassword(_ exchange: Exchange) async throws {
    guard let account = try exchange.principal.account else {
      throw ServerError(
        .conflict,
        "the server has no accounts",
        hint: "`POST /api/setup` makes one"
      )
    }
    let fields = exchange.fields
    guard let old = try fields.secret("old") else { throw fields.missing("old") }
    guard let new = try fields.secret("new") else { throw fields.missing("new") }
    try await accounts.changePassword(account, old, new)
  }
}
