import Access

/// A form of the console: `application/x-www-form-urlencoded`, with `csrf_token`, answered by 303 to a page with a flash.
struct ConsoleForm: Sendable, Hashable {
  /// What a form does.
  enum Deed: Sendable, Hashable, CaseIterable {
    case start, kill, retry
    case enableSchedule, disableSchedule, skip, backfill
    case setSecret, deleteSecret
    case login, logout, createToken, revokeToken, changePassword
    case createUser, setRole, disableUser, enableUser
  }

  /// The field that proves that the form comes from a page of ours.
  static let token = "csrf_token"

  let path: String
  let access: ConsoleAccess
  let deed: Deed
  /// The action in the audit.
  let action: String
  /// The fields beside the token.
  let fields: [String]

  private init(
    _ path: String,
    _ access: ConsoleAccess,
    _ deed: Deed,
    _ action: String,
    _ fields: [String] = []
  ) {
    self.path = path
    self.access = access
    self.deed = deed
    self.action = action
    self.fields = fields
  }

  static let all: [ConsoleForm] = runs + schedules + secrets + accounts + users

  private static let runs = [
    ConsoleForm(
      "/projects/{id}/workflows/{workflow}/start",
      .project(.runner, of: .project),
      .start,
      "attempt.start",
      ["session_time", "retry_name", "params"]
    ),
    ConsoleForm("/attempts/{id}/kill", .project(.runner, of: .attempt), .kill, "attempt.kill"),
    ConsoleForm(
      "/attempts/{id}/retry",
      .project(.runner, of: .attempt),
      .retry,
      "attempt.retry",
      ["scope"]
    ),
  ]

  private static let schedules: [ConsoleForm] = {
    let editor = ConsoleAccess.project(.editor, of: .schedule)
    return [
      ConsoleForm("/schedules/{id}/enable", editor, .enableSchedule, "schedule.enable"),
      ConsoleForm("/schedules/{id}/disable", editor, .disableSchedule, "schedule.disable"),
      ConsoleForm("/schedules/{id}/skip", editor, .skip, "schedule.skip", ["count"]),
      ConsoleForm(
        "/schedules/{id}/backfill",
        editor,
        .backfill,
        "schedule.backfill",
        ["from", "count", "name", "dry_run"]
      ),
    ]
  }()

  private static let secrets: [ConsoleForm] = {
    let editor = ConsoleAccess.project(.editor, of: .project)
    return [
      ConsoleForm("/projects/{id}/secrets", editor, .setSecret, "secret.set", ["key", "value"]),
      ConsoleForm(
        "/projects/{id}/secrets/delete",
        editor,
        .deleteSecret,
        "secret.delete",
        ["key"]
      ),
    ]
  }()

  private static let accounts = [
    ConsoleForm("/login", .open, .login, "session.begin", ["user", "password", "next"]),
    ConsoleForm("/logout", .signedIn, .logout, "session.end"),
    ConsoleForm("/account/tokens", .signedIn, .createToken, "token.create", ["name", "days"]),
    ConsoleForm("/account/tokens/{token}/revoke", .signedIn, .revokeToken, "token.revoke"),
    ConsoleForm(
      "/account/password",
      .signedIn,
      .changePassword,
      "password.change",
      ["old", "new"]
    ),
  ]

  private static let users = [
    ConsoleForm(
      "/users",
      .server(.admin),
      .createUser,
      "user.create",
      ["name", "email", "password", "role"]
    ),
    ConsoleForm("/users/{user}/role", .server(.admin), .setRole, "user.role", ["role"]),
    ConsoleForm("/users/{user}/disable", .server(.admin), .disableUser, "user.disable"),
    ConsoleForm("/users/{user}/enable", .server(.admin), .enableUser, "user.enable"),
  ]
}
