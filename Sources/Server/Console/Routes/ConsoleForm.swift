import Access

/// A form of the console: `application/x-www-form-urlencoded`, with `csrf_token`, answered by 303 to a page with a flash.
struct ConsoleForm: Sendable, Hashable {
  let path: String
  let access: ConsoleAccess
  /// The action in the audit.
  let action: String
  /// The fields beside the token.
  let fields: [String]

  private init(_ path: String, _ access: ConsoleAccess, _ action: String, _ fields: [String] = []) {
    self.path = path
    self.access = access
    self.action = action
    self.fields = fields
  }

  static let all: [ConsoleForm] = runs + schedules + secrets + accounts

  private static let runs = [
    ConsoleForm(
      "/projects/{id}/workflows/{workflow}/start",
      .project(.runner, of: .project),
      "attempt.start",
      ["session_time", "retry_name", "params"]
    ),
    ConsoleForm("/attempts/{id}/kill", .project(.runner, of: .attempt), "attempt.kill"),
    ConsoleForm(
      "/attempts/{id}/retry",
      .project(.runner, of: .attempt),
      "attempt.retry",
      ["scope"]
    ),
  ]

  private static let schedules: [ConsoleForm] = {
    let editor = ConsoleAccess.project(.editor, of: .schedule)
    return [
      ConsoleForm("/schedules/{id}/enable", editor, "schedule.enable"),
      ConsoleForm("/schedules/{id}/disable", editor, "schedule.disable"),
      ConsoleForm("/schedules/{id}/skip", editor, "schedule.skip", ["count"]),
      ConsoleForm(
        "/schedules/{id}/backfill",
        editor,
        "schedule.backfill",
        ["from", "count", "name", "dry_run"]
      ),
    ]
  }()

  private static let secrets: [ConsoleForm] = {
    let editor = ConsoleAccess.project(.editor, of: .project)
    return [
      ConsoleForm("/projects/{id}/secrets", editor, "secret.set", ["key", "value"]),
      ConsoleForm("/projects/{id}/secrets/delete", editor, "secret.delete", ["key"]),
    ]
  }()

  private static let accounts = [
    ConsoleForm("/login", .open, "login", ["name", "password", "next"]),
    ConsoleForm("/logout", .signedIn, "logout"),
    ConsoleForm("/account/tokens", .signedIn, "token.create", ["name", "days"]),
    ConsoleForm("/account/tokens/{token}/revoke", .signedIn, "token.revoke"),
    ConsoleForm("/account/password", .signedIn, "password.change", ["old", "new"]),
    ConsoleForm("/users", .server(.admin), "user.create", ["name", "email", "password", "role"]),
    ConsoleForm("/users/{user}/role", .server(.admin), "user.role", ["role"]),
    ConsoleForm("/users/{user}/disable", .server(.admin), "user.disable"),
    ConsoleForm("/users/{user}/enable", .server(.admin), "user.enable"),
  ]
}
