public import Storage
import Values

/// Sessions, attempts and tasks as rows: what was promised survives the end of the process.
public struct AttemptStore: Sendable {
  let database: SQLDatabase

  /// Brings the tables up to date.
  public init(database: SQLDatabase) throws {
    self.database = database
    try database.migrate(EngineMigrations.all, room: "WorkflowEngine")
  }

  /// A session that is known, and how its last attempt stands.
  public struct SessionRecord: Sendable, Hashable {
    public let id: Int64
    public let uuid: String
    /// Unix seconds.
    public let time: Int64
    public let lastAttempt: Int64?
    public let lastStatus: AttemptStatus?

    public init(
      id: Int64,
      uuid: String,
      time: Int64,
      lastAttempt: Int64?,
      lastStatus: AttemptStatus?
    ) {
      self.id = id
      self.uuid = uuid
      self.time = time
      self.lastAttempt = lastAttempt
      self.lastStatus = lastStatus
    }
  }

  /// The number of a project, given one at its first mention.
  public func project(named name: String) throws -> Int64 {
    try database.write { connection in
      try connection.execute(
        "INSERT INTO projects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
        [.string(name)]
      )
      return try connection.number("SELECT id AS n FROM projects WHERE name = $1", [.string(name)])
    }
  }

  /// The session of a workflow at a time in Unix seconds, made with the UUID when it is new.
  public func session(
    project: Int64,
    workflow: String,
    time: Int64,
    newID: String
  ) throws -> SessionRecord {
    let key: [Value] = [.int(project), .string(workflow), .int(time)]
    return try database.write { connection in
      try connection.execute(
        """
        INSERT INTO sessions (project_id, workflow, session_time, uuid)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (project_id, workflow, session_time) DO NOTHING
        """,
        key + [.string(newID)]
      )
      let row = try connection.row(
        """
        SELECT s.id, s.uuid, a.id AS attempt, a.status
        FROM sessions s
        LEFT JOIN attempts a ON a.session_id = s.id
        WHERE s.project_id = $1 AND s.workflow = $2 AND s.session_time = $3
        ORDER BY a.id DESC
        LIMIT 1
        """,
        key
      )
      return SessionRecord(
        id: row?["id"]?.int ?? 0,
        uuid: row?["uuid"]?.string ?? newID,
        time: time,
        lastAttempt: row?["attempt"]?.int,
        lastStatus: row?["status"]?.string.flatMap(AttemptStatus.init(rawValue:))
      )
    }
  }

  /// The time of the last session of a workflow that was started before another, in Unix seconds.
  public func lastSession(project: Int64, workflow: String, before time: Int64) throws -> Int64? {
    try database.read { connection in
      try connection.row(
        """
        SELECT max(session_time) AS time FROM sessions
        WHERE project_id = $1 AND workflow = $2 AND session_time < $3
        """,
        [.int(project), .string(workflow), .int(time)]
      )?["time"]?.int
    }
  }

  /// A session that nobody had before, at the first free second from a time on.
  public func newSession(
    project: Int64,
    workflow: String,
    from time: Int64,
    newID: String
  ) throws -> SessionRecord {
    try database.write { connection in
      var time = time
      while try connection.row(
        "SELECT id FROM sessions WHERE project_id = $1 AND workflow = $2 AND session_time = $3",
        [.int(project), .string(workflow), .int(time)]
      ) != nil {
        time += 1
      }
      let id = try connection.number(
        """
        INSERT INTO sessions (project_id, workflow, session_time, uuid)
        VALUES ($1, $2, $3, $4)
        RETURNING id AS n
        """,
        [.int(project), .string(workflow), .int(time), .string(newID)]
      )
      return SessionRecord(id: id, uuid: newID, time: time, lastAttempt: nil, lastStatus: nil)
    }
  }

  /// The attempts that have not ended, with their sessions; among them those whose process is gone.
  public func runningAttempts() throws -> [(id: Int64, session: Int64)] {
    try database.read { connection in
      try connection.rows(
        "SELECT id, session_id FROM attempts WHERE status = 'running' ORDER BY id"
      )
    }.compactMap { row in
      guard let id = row["id"]?.int, let session = row["session_id"]?.int else { return nil }
      return (id, session)
    }
  }

  /// The tasks of an attempt that succeeded, in order of ids; of a task that was repeated the last round.
  public func finishedTasks(of attempt: Int64) throws -> [FinishedTask] {
    let rows = try database.read { connection in
      try connection.rows(
        """
        SELECT t.full_name, t.store_params, t.reset_params, t.export_params
        FROM tasks t
        JOIN (
          SELECT max(id) AS id FROM tasks WHERE attempt_id = $1 GROUP BY full_name
        ) last ON last.id = t.id
        WHERE t.attempt_id = $1 AND t.state = 'success'
        ORDER BY t.id
        """,
        [.int(attempt)]
      )
    }
    return try rows.map { row in
      FinishedTask(
        fullName: row["full_name"]?.string ?? "",
        store: try row.members("store_params"),
        reset: try row.list("reset_params").map { $0.array?.compactMap(\.string) ?? [] },
        exported: try row.members("export_params")
      )
    }
  }
}

extension SQLConnection {
  func number(_ sql: String, _ arguments: [Value]) throws -> Int64 {
    guard let number = try row(sql, arguments)?["n"]?.int else {
      throw StorageError(.io, "a statement that must give a number gave none")
    }
    return number
  }
}
