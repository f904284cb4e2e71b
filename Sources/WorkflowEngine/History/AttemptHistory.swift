public import Storage
public import Values

/// What is known of sessions, attempts and tasks, for people and for those who wait: nothing is changed.
public struct AttemptHistory: Sendable {
  let database: SQLDatabase

  /// - Parameter database: with the tables of ``AttemptStore``.
  public init(database: SQLDatabase) { self.database = database }

  /// Sessions of one workflow or of all, the one with the newest attempt first.
  public func sessions(workflow: String? = nil, limit: Int) throws -> [SessionSummary] {
    try rows(
      """
      SELECT s.*, p.name AS project, max(a.id) AS last_attempt, count(a.id) AS attempt_count,
        a.status AS status, a.timezone AS timezone
      FROM sessions s
      JOIN projects p ON p.id = s.project_id
      LEFT JOIN attempts a ON a.session_id = s.id
      WHERE $1 IS NULL OR s.workflow = $1
      GROUP BY s.id
      ORDER BY max(a.id) DESC NULLS FIRST, s.id DESC
      LIMIT $2
      """,
      [workflow.map { .string($0) } ?? .null, .int(Int64(limit))]
    ).map(SessionSummary.init)
  }

  /// Attempts of one session or of all, newest first.
  public func attempts(session: Int64? = nil, limit: Int) throws -> [AttemptSummary] {
    try rows(
      Self.attempts + " WHERE $1 IS NULL OR a.session_id = $1 ORDER BY a.id DESC LIMIT $2",
      [session.map { .int($0) } ?? .null, .int(Int64(limit))]
    ).map(AttemptSummary.init)
  }

  /// The attempt of a number; nil when there is none.
  public func attempt(_ id: Int64) throws -> AttemptSummary? {
    try rows(Self.attempts + " WHERE a.id = $1", [.int(id)]).first.map(AttemptSummary.init)
  }

  /// The attempts of a workflow at a session time in Unix seconds, oldest first.
  public func attempts(
    project: Int64,
    workflow: String,
    sessionTime: Int64
  ) throws -> [AttemptSummary] {
    try rows(
      Self.attempts
        + " WHERE s.project_id = $1 AND s.workflow = $2 AND s.session_time = $3 ORDER BY a.id",
      [.int(project), .string(workflow), .int(sessionTime)]
    ).map(AttemptSummary.init)
  }

  /// The attempts of a workflow whose end is not recorded, oldest first; the process of one may be gone.
  public func unfinishedAttempts(project: Int64, workflow: String) throws -> [AttemptSummary] {
    try rows(
      Self.attempts
        + " WHERE a.status = 'running' AND s.project_id = $1 AND s.workflow = $2 ORDER BY a.id",
      [.int(project), .string(workflow)]
    ).map(AttemptSummary.init)
  }

  /// True while an attempt of a workflow has not ended.
  public func isRunning(project: Int64, workflow: String) throws -> Bool {
    try !rows(
      """
      SELECT a.id FROM attempts a
      JOIN sessions s ON s.id = a.session_id
      WHERE a.status = 'running' AND s.project_id = $1 AND s.workflow = $2
      LIMIT 1
      """,
      [.int(project), .string(workflow)]
    ).isEmpty
  }

  /// The tasks of an attempt, in order of their numbers.
  public func tasks(of attempt: Int64) throws -> [TaskSummary] {
    try rows("SELECT * FROM tasks WHERE attempt_id = $1 ORDER BY id", [.int(attempt)])
      .map(TaskSummary.init)
  }

  /// What the operators of a type left for their next call, in tasks of an attempt that are under way.
  public func pollStates(of attempt: Int64, type: String) throws -> [ObjectValue] {
    try rows(
      """
      SELECT poll_state FROM tasks
      WHERE attempt_id = $1 AND type = $2 AND state IN ('ready', 'running', 'retry_waiting')
      """,
      [.int(attempt), .string(type)]
    ).map { try $0.decoded("poll_state").object ?? [:] }
  }

  /// The attempts of the same project that an attempt waits for with `require>`, itself or through others.
  public func required(by attempt: Int64) throws -> Set<Int64> {
    var found: Set<Int64> = []
    var open = [attempt]
    while let next = open.popLast() {
      for state in try pollStates(of: next, type: "require") {
        guard let reference = state["attempt"]?.object, reference["project"] == nil,
          let id = reference["id"]?.int, found.insert(id).inserted
        else { continue }
        open.append(id)
      }
    }
    return found
  }

  static let attempts = """
    SELECT a.*, s.uuid, s.workflow, s.session_time, s.project_id, p.name AS project,
      (SELECT count(*) FROM attempts earlier
        WHERE earlier.session_id = a.session_id AND earlier.id <= a.id) AS session_index
    FROM attempts a
    JOIN sessions s ON s.id = a.session_id
    JOIN projects p ON p.id = s.project_id
    """

  func rows(_ sql: String, _ arguments: [Value]) throws -> [ObjectValue] {
    try database.read { try $0.rows(sql, arguments) }
  }
}

extension ObjectValue {
  /// The JSON text of a column.
  func decoded(_ column: String) throws -> Value {
    try JSON.decode(self[column]?.string ?? "null")
  }
}
