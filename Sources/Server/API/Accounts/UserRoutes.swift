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
        var change = try self.change(exchange.fields)
        change.name = try exchange.fields.requiredText("name", maximum: 100)
        change.email = try exchange.fields.requiredText("email", maximum: 320)
        let account = try await rooms.accounts.create(change)
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
        return .json(Self.value(try await rooms.accounts.change(id, change(exchange.fields))))
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
      }.audited("user.delete"),
    ]
  }

  private func account(_ exchange: Exchange) throws -> AccountControl.Account {
    let id = try exchange.id("id", "user")
    guard let account = try rooms.accounts.accounts().first(where: { $0.id == id }) else {
      throw Missing.object("user", id)
    }
    return account
  }

  private func change(_ fields: Fields) throws -> AccountControl.Change {
    var change = AccountControl.Change()
    change.name = try fields.text("name", maximum: 100)
    change.email = try fields.text("email", maximum: 320)
    change.password = try fields.secret("password")
    change.isDisabled = try fields.flag("disabled")
    if let role = try fields.oneOf("role", Role.self) {
      change.role = .some(role)
    } else if fields.members["role"]?.isNull == true {
      change.role = .some(nil)
    }
    return change
  }

  private static func value(_ account: AccountControl.Account) -> Value {
    [
      "id": .id(account.id), "name": .string(account.name), "email": .string(account.email),
      "role": .text(account.role?.rawValue), "createdAt": .time(account.createdAt),
      "disabled": .bool(account.isDisabled),
    ]
  }
}
