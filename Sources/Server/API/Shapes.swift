/// The schemas that several routes share, by name.
enum Shapes {
  static let named: [(String, Schema)] =
    [
      (
        "Error",
        .members([
          ("code", .text), ("message", .text), ("status", .integer()), ("requestId", .text),
          ("hint?", .text), ("details?", .list(.text)),
        ])
      ),
      ("Name", .members([("id", .id), ("name", .text)])),
      (
        "Project",
        .members([
          ("id", .id), ("name", .text), ("revision", .text), ("revisionId", .id),
          ("createdAt", .time), ("updatedAt", .time), ("deletedAt", Schema.time.orNull),
          ("archiveType", .text), ("archiveMd5", Schema.text.orNull), ("archiveSha256", .text),
        ])
      ),
      (
        "Revision",
        .members([
          ("id", .id), ("revision", .text), ("createdAt", .time), ("archiveSha256", .text),
          ("sizeInBytes", .integer()), ("workflows", .list(.text)), ("userId", Schema.id.orNull),
        ])
      ),
      (
        "Workflow",
        .members([
          ("id", .id), ("name", .text), ("project", .named("Name")), ("revision", .text),
          ("timezone", .text), ("config", .object),
        ])
      ),
      (
        "WorkflowName",
        .members([("id", Schema.id.orNull), ("name", .text)])
      ),
      (
        "Schedule",
        .members([
          ("id", .id), ("project", .named("Name")), ("workflow", .named("WorkflowName")),
          ("timezone", .text), ("schedule", .object), ("nextRunTime", Schema.time.orNull),
          ("nextScheduleTime", Schema.text.orNull), ("lastScheduleTime", Schema.text.orNull),
          ("disabledAt", Schema.time.orNull), ("lastSkip", Schema.text.orNull),
        ])
      ),
      (
        "Session",
        .members([
          ("id", .id), ("project", .named("Name")), ("workflow", .named("WorkflowName")),
          ("sessionUuid", .text), ("sessionTime", .text), ("attemptCount", .integer()),
          ("lastAttempt", Schema.named("LastAttempt").orNull),
        ])
      ),
      (
        "LastAttempt",
        .members([
          ("id", .id), ("retryAttemptName", Schema.text.orNull), ("done", .flag),
          ("success", .flag),
          ("cancelRequested", .flag), ("params", .object), ("createdAt", .time),
          ("finishedAt", Schema.time.orNull), ("status", .oneOf(statuses)),
        ])
      ),
      (
        "Attempt",
        .members([
          ("id", .id), ("index", .integer()), ("project", .named("Name")),
          ("workflow", .named("WorkflowName")), ("sessionId", .id), ("sessionUuid", .text),
          ("sessionTime", .text), ("retryAttemptName", Schema.text.orNull), ("done", .flag),
          ("success", .flag), ("cancelRequested", .flag), ("params", .object), ("createdAt", .time),
          ("finishedAt", Schema.time.orNull), ("status", .oneOf(statuses)),
          ("revisionId", Schema.id.orNull),
        ])
      ),
      (
        "Task",
        .members([
          ("id", .id), ("fullName", .text), ("parentId", Schema.id.orNull),
          ("type", Schema.text.orNull), ("config", .object), ("upstreams", .list(.id)),
          ("state", .text), ("cancelRequested", .flag), ("exportParams", .object),
          ("storeParams", .object), ("stateParams", .object), ("retryCount", .integer()),
          ("updatedAt", Schema.time.orNull), ("startedAt", Schema.time.orNull),
          ("finishedAt", Schema.time.orNull), ("retryAt", Schema.time.orNull),
          ("error", .object), ("isGroup", .flag),
        ])
      ),
    ] + accounts

  private static let accounts: [(String, Schema)] = [
    (
      "User",
      .members([
        ("id", .id), ("name", .text), ("email", .text), ("role", Schema.oneOf(roles).orNull),
        ("createdAt", .time), ("disabled", .flag),
      ])
    ),
    (
      "Token",
      .members([
        ("id", .id), ("name", .text), ("createdAt", .time), ("expiresAt", Schema.time.orNull),
        ("lastUsedAt", Schema.time.orNull), ("token?", .text),
      ])
    ),
    (
      "Me",
      .members([
        ("id", Schema.id.orNull), ("name", .text), ("email", .text),
        ("role", Schema.oneOf(roles).orNull), ("requestToken", Schema.text.orNull),
        ("hasAccounts", .flag),
      ])
    ),
    (
      "AuditEntry",
      .members([
        ("id", .id), ("time", .time), ("userId", Schema.id.orNull), ("actor", .text),
        ("tokenId", Schema.id.orNull), ("action", .text), ("projectId", Schema.id.orNull),
        ("object", .text), ("status", .integer()), ("address", .text), ("requestId", .text),
      ])
    ),
  ]

  static let statuses = ["running", "success", "error", "killed"]
  static let roles = ["viewer", "runner", "editor", "admin"]

  /// `{"projects": [...]}`.
  static func list(_ name: String, of shape: String) -> Schema {
    .members([(name, .list(.named(shape)))])
  }
}
