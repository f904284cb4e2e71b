import Values

/// What a server says about sessions, attempts and tasks, under the names that local commands print.
enum RemoteRecords {
  static func attempt(_ value: Value) -> ObjectValue {
    let given = value.object ?? [:]
    return [
      "session_id": number(given["sessionId"]), "attempt_id": number(given["id"]),
      "session_uuid": given["sessionUuid"] ?? .null,
      "project": given[path: ["project", "name"]] ?? .null,
      "workflow": given[path: ["workflow", "name"]] ?? .null,
      "session_time": given["sessionTime"] ?? .null,
      "retry_attempt_name": .string(given["retryAttemptName"]?.string ?? ""),
      "params": given["params"] ?? [:], "created_at": given["createdAt"] ?? .null,
      "finished_at": given["finishedAt"] ?? .null,
      "kill_requested": given["cancelRequested"] ?? false, "status": given["status"] ?? .null,
    ]
  }

  static func session(_ value: Value) -> ObjectValue {
    let given = value.object ?? [:]
    return [
      "session_id": number(given["id"]), "session_uuid": given["sessionUuid"] ?? .null,
      "project": given[path: ["project", "name"]] ?? .null,
      "workflow": given[path: ["workflow", "name"]] ?? .null,
      "session_time": given["sessionTime"] ?? .null, "attempts": given["attemptCount"] ?? .null,
      "last_attempt_id": number(given[path: ["lastAttempt", "id"]]),
      "status": given[path: ["lastAttempt", "status"]] ?? .null,
    ]
  }

  static func task(_ value: Value) -> ObjectValue {
    let given = value.object ?? [:]
    return [
      "id": number(given["id"]), "name": given["fullName"] ?? .null,
      "operator": given["type"] ?? .null, "state": given["state"] ?? .null,
      "started": given["startedAt"] ?? .null, "updated": given["updatedAt"] ?? .null,
      "parent": number(given["parentId"]),
      "upstreams": .array((given["upstreams"]?.array ?? []).map { number($0) }),
      "export_params": given["exportParams"] ?? [:], "store_params": given["storeParams"] ?? [:],
      "state_params": given["stateParams"] ?? [:], "retry_count": given["retryCount"] ?? 0,
      "error": given[path: ["error", "message"]] ?? .null,
    ]
  }

  static func schedule(_ value: Value) -> ObjectValue {
    let given = value.object ?? [:]
    return [
      "id": number(given["id"]), "project": given[path: ["project", "name"]] ?? .null,
      "workflow": given[path: ["workflow", "name"]] ?? .null,
      "timezone": given["timezone"] ?? .null, "schedule": given["schedule"] ?? [:],
      "next_session_time": given["nextScheduleTime"] ?? .null,
      "next_run_time": given["nextRunTime"] ?? .null,
      "last_session_time": given["lastScheduleTime"] ?? .null,
      "disabled_at": given["disabledAt"] ?? .null, "last_skip": given["lastSkip"] ?? .null,
    ]
  }

  /// Numbers are texts on the wire.
  static func number(_ value: Value?) -> Value {
    value?.string.flatMap { Int64($0) }.map { .int($0) } ?? value ?? .null
  }
}

extension RemoteServer {
  /// The members of a list in an answer.
  func list(
    _ name: String,
    _ path: String,
    _ query: [(String, String?)] = []
  ) async throws
    -> [Value]
  {
    try await get(path, query)[name]?.array ?? []
  }

  /// The number of the project of a name.
  func project(_ name: String) async throws -> String {
    try await get("/api/project", [("name", name)])["id"]?.string ?? ""
  }

  func attempt(_ id: Int64) async throws -> ObjectValue { try await get("/api/attempts/\(id)") }
}
