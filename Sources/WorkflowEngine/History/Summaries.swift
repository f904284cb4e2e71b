public import Values

/// A session: a workflow of a project at a time.
public struct SessionSummary: Sendable {
  public let id: Int64
  public let uuid: String
  public let projectID: Int64
  public let project: String
  public let workflow: String
  /// Unix seconds.
  public let time: Int64
  /// The zone in which its last attempt sees it.
  public let timezone: String
  public let attemptCount: Int64
  public let lastAttempt: Int64?
  /// That of the last attempt.
  public let status: AttemptStatus?

  init(_ row: ObjectValue) {
    id = row["id"]?.int ?? 0
    uuid = row["uuid"]?.string ?? ""
    projectID = row["project_id"]?.int ?? 0
    project = row["project"]?.string ?? ""
    workflow = row["workflow"]?.string ?? ""
    time = row["session_time"]?.int ?? 0
    timezone = row["timezone"]?.string ?? "UTC"
    attemptCount = row["attempt_count"]?.int ?? 0
    lastAttempt = row["last_attempt"]?.int
    status = row["status"]?.string.flatMap(AttemptStatus.init(rawValue:))
  }
}

/// An attempt and the session it belongs to.
public struct AttemptSummary: Sendable {
  public let id: Int64
  public let session: Int64
  public let sessionUUID: String
  public let projectID: Int64
  public let project: String
  public let workflow: String
  /// Unix seconds, as all times.
  public let sessionTime: Int64
  public let timezone: String
  /// The retry name; empty for the first attempt of a session.
  public let name: String
  public let status: AttemptStatus
  /// How many attempts its session had with it.
  public let index: Int64
  public let parameters: ObjectValue
  public let createdAt: Double
  public let finishedAt: Double?
  public let killRequestedAt: Double?
  /// The revision whose files it runs with; nil for an attempt in a project folder.
  public let revision: Int64?
  /// The account it runs for; nil where there are none.
  public let account: Int64?

  init(_ row: ObjectValue) throws {
    id = row["id"]?.int ?? 0
    session = row["session_id"]?.int ?? 0
    projectID = row["project_id"]?.int ?? 0
    revision = row["revision_id"]?.int
    account = row["account_id"]?.int
    sessionUUID = row["uuid"]?.string ?? ""
    index = row["session_index"]?.int ?? 1
    project = row["project"]?.string ?? ""
    workflow = row["workflow"]?.string ?? ""
    sessionTime = row["session_time"]?.int ?? 0
    timezone = row["timezone"]?.string ?? "UTC"
    name = row["name"]?.string ?? ""
    status = row["status"]?.string.flatMap(AttemptStatus.init(rawValue:)) ?? .error
    parameters = try row.decoded("params").object ?? [:]
    createdAt = row["created_at"]?.double ?? 0
    finishedAt = row["finished_at"]?.double
    killRequestedAt = row["kill_requested_at"]?.double
  }
}

/// A task of an attempt as it stands.
public struct TaskSummary: Sendable {
  public let id: TaskID
  public let parent: TaskID?
  public let fullName: String
  /// The operator; nil for a group.
  public let type: String?
  public let state: TaskState
  public let upstreams: [TaskID]
  public let store: ObjectValue
  public let export: ObjectValue
  /// What a polling operator left for its next call.
  public let pollState: ObjectValue
  public let error: String?
  public let retryCount: Int64
  public let startedAt: Double?
  public let finishedAt: Double?

  init(_ row: ObjectValue) throws {
    id = Int(row["id"]?.int ?? 0)
    parent = row["parent_id"]?.int.map { Int($0) }
    fullName = row["full_name"]?.string ?? ""
    type = row["type"]?.string
    state = row["state"]?.string.flatMap(TaskState.init(rawValue:)) ?? .blocked
    upstreams = try row.decoded("upstreams").array?.compactMap { $0.int.map { Int($0) } } ?? []
    store = try row.decoded("store_params").object ?? [:]
    export = try row.decoded("export_params").object ?? [:]
    pollState = try row.decoded("poll_state").object ?? [:]
    error = row["error_message"]?.string
    retryCount = row["retry_count"]?.int ?? 0
    startedAt = row["started_at"]?.double
    finishedAt = row["finished_at"]?.double
  }
}

extension [AttemptSummary] {
  /// A retry name that none of these attempts of one session has: `retry-2` for the second.
  public var freeName: String {
    var number = count + 1
    while contains(where: { $0.name == "retry-\(number)" }) { number += 1 }
    return "retry-\(number)"
  }
}
