import Access
import HTTPTypes
import Values

/// Accounts, for those who administer the server.
struct UserRoutes {
  let rooms: Rooms

  private static let fields: [(String, Schema)] = [
    ("password?", .text(maximum: 1000)), ("role?", Schema.oneOf(Shapes.roles).orNull),
    ("disabled?", .flag),
  ]

  var list: [Route] {
    let admin = Requirement.server(.admin)
    let one = Route.Answers.json(.named("User"))
    return [
      Route(.get, "/api/users", "the accounts", admin) { _ in
        .json(["users": .array(try rooms.accounts.accounts().map(Self.value))])
      }.gives(.json(Shapes.list("users", of: "User"))),
      Route(.post, "/api/users", "makes an account", admin) { exchange in
        let account = try await rooms.createAccount(exchange.fields)
        return .json(Self.value(account)).about("user \(account.id)")
      }.takes(
        .json(
          .members(
            [("name", .text(maximum: 100)), ("email", .text(maximum: 320))] + Self.fields,
            closed: true
          )
        )
      ).gives(one, errors: [409]).audited("user.create"),
      Route(.get, "/api/users/{id}", "an account", admin) { exchange in
        .json(Self.value(try account(exchange)))
      }.gives(one),
      Route(.patch, "/api/users/{id}", "changes an account", admin) { exchange in
        let id = try account(exchange).id
        return .json(Self.value(try await rooms.accounts.change(id, .init(exchange.fields))))
      }.takes(
        .json(
          .members(
            [("name?", .text(maximum: 100)), ("email?", .text(maximum: 320))] + Self.fields,
            closed: true
          )
        )
      ).gives(one, errors: [409]).audited("user.change"),
      Route(.delete, "/api/users/{id}", "removes an account and its tokens", admin) { exchange in
        try rooms.accounts.delete(account(exchange).id)
        return .nothing
      }.gives(.nothing, errors: [409]).audited("user.delete"),
    ]
  }

  private func account(_ exchange: Exchange) throws -> AccountControl.Account {
    try rooms.account(exchange.id("id", "user"))
  }

  private static func value(_ account: AccountControl.Account) -> Value {
    [
      "id": .id(account.id), "name": .string(account.name), "email": .string(account.email),
      "role": .text(account.role?.rawValue), "createdAt": .time(account.createdAt),
      "disabled": .bool(account.isDisabled),
    ]
  }
}

extension Rooms {
  func account(_ id: Int64) throws -> AccountControl.Account {
    guard let account = try accounts.accounts().first(where: { $0.id == id }) else {
      throw Missing.object("user", id)
    }
    return account
  }

  /// Makes an account of `name`, `email`, `password` and `role`.
  func createAccount(_ fields: Fields) async throws -> AccountControl.Account {
    var change = try AccountControl.Change(fields)
    change.name = try fields.requiredText("name", maximum: 100)
    change.email = try fields.requiredText("email", maximum: 320)
    return try await accounts.create(change)
  }
}

extension AccountControl.Change {
  init(_ fields: Fields) throws {
    self.init()
    name = try fields.text("name", maximum: 100)
    email = try fields.text("email", maximum: 320)
    password = try fields.secret("password")
    isDisabled = try fields.flag("disabled")
    if let given = try fields.oneOf("role", Role.self) {
      role = .some(given)
    } else if fields.members["role"]?.isNull == true {
      role = .some(nil)
    }
  }
}
