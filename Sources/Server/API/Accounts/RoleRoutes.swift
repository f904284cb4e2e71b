import Access
import HTTPTypes
import Values

/// Who may do what in a project.
///
/// Roles for the whole server are given with the account.
struct RoleRoutes {
  let rooms: Rooms

  var list: [Route] {
    let admin = Requirement.project(.admin, .project("id"))
    return [
      Route(.get, "/api/projects/{id}/roles", "who has which role", admin) { exchange in
        let grants = try rooms.accounts.grants(exchange.project ?? 0).map { grant -> Value in
          [
            "user": .named(grant.account, grant.accountName), "role": .string(grant.role.rawValue),
          ]
        }
        return .json(["roles": .array(grants)])
      }.gives(
        .json(
          .members([
            ("roles", .list(.members([("user", .named("Name")), ("role", .oneOf(Shapes.roles))])))
          ])
        )
      ),
      Route(.put, "/api/projects/{id}/roles/{user}", "gives an account a role", admin) { exchange in
        guard let role = try exchange.fields.oneOf("role", Role.self) else {
          throw exchange.fields.missing("role")
        }
        try rooms.accounts.setGrant(exchange.project ?? 0, exchange.id("user", "user"), role)
        return .nothing
      }.takes(.json(.members([("role", .oneOf(Shapes.roles))], closed: true)))
        .audited("role.give"),
      Route(
        .delete,
        "/api/projects/{id}/roles/{user}",
        "takes the role of an account away",
        admin
      ) { exchange in
        try rooms.accounts.setGrant(exchange.project ?? 0, exchange.id("user", "user"), nil)
        return .nothing
      }.audited("role.take"),
    ]
  }
}
