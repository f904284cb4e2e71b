public import Storage
import Values

/// Sessions of the past that are to run, those of one backfill one after another; kept, so that a restart goes on with them.
public struct BackfillStore: Sendable {
  /// The first session of a backfill that is not over.
  public struct Head: Sendable, Hashable {
    public let id: Int64
    public let project: Int64
    public let workflow: String
    /// Unix seconds.
    public let sessionTime: Int64
    /// The retry name of its attempt.
    public let name: String
    public let account: Int64?
    /// nil until it has begun.
    public let attempt: Int64?
  }

  /// What is to run.
  public struct Plan: Sendable {
    public let project: Int64
    public let workflow: String
    /// Unix seconds, in order.
    public let sessionTimes: [Int64]
    /// The retry name of all attempts; empty for none.
    public let name: String
    public let account: Int64?

    public init(
      project: Int64,
      workflow: String,
      sessionTimes: [Int64],
      name: String,
      account: Int64?
    ) {
      self.project = project
      self.workflow = workflow
      self.sessionTimes = sessionTimes
      self.name = name
      self.account = account
    }
  }

  private let database: SQLDatabase

  /// Brings the tables up to date; those of ``AttemptStore`` must be there.
  public init(database: SQLDatabase) throws {
    self.database = database
    try database.migrate(ScheduleMigrations.all, room: "Schedules")
  }

  /// Keeps the sessions of a backfill, all or none; gives the number of the backfill.
  public func add(_ plan: Plan) throws -> Int64 {
    try database.write { connection in
      let last = try connection.row("SELECT max(backfill) AS n FROM backfill_sessions", [])
      let backfill = (last?["n"]?.int ?? 0) + 1
      for time in plan.sessionTimes {
        try connection.execute(
          """
          INSERT INTO backfill_sessions (
            backfill, project_id, workflow, session_time, name, account_id)
          VALUES ($1, $2, $3, $4, $5, $6)
          """,
          [
            .int(backfill), .int(plan.project), .string(plan.workflow), .int(time),
            .string(plan.name), .optional(plan.account),
          ]
        )
      }
      return backfill
    }
  }

  /// What comes first in each backfill, or in one.
  public func heads(of backfill: Int64? = nil) throws -> [Head] {
    try database.read { connection in
      try connection.rows(
        """
        SELECT s.* FROM backfill_sessions s
        JOIN (SELECT min(id) AS id FROM backfill_sessions GROUP BY backfill) first
          ON first.id = s.id
        WHERE $1 IS NULL OR s.backfill = $1
        ORDER BY s.id
        """,
        [.optional(backfill)]
      )
    }.map { row in
      Head(
        id: row["id"]?.int ?? 0,
        project: row["project_id"]?.int ?? 0,
        workflow: row["workflow"]?.string ?? "",
        sessionTime: row["session_time"]?.int ?? 0,
        name: row["name"]?.string ?? "",
        account: row["account_id"]?.int,
        attempt: row["attempt_id"]?.int
      )
    }
  }

  /// Notes the attempt of a session that has begun.
  public func note(_ attempt: Int64, of head: Head) throws {
    _ = try database.write { connection in
      try connection.execute(
        "UPDATE backfill_sessions SET attempt_id = $2 WHERE id = $1",
        [.int(head.id), .int(attempt)]
      )
    }
  }

  /// Forgets a session that is over: the next one of its backfill comes first.
  public func finish(_ head: Head) throws {
    _ = try database.write { connection in
      try connection.execute("DELETE FROM backfill_sessions WHERE id = $1", [.int(head.id)])
    }
  }

  /// Forgets all sessions of a project.
  public func forget(project: Int64) throws {
    _ = try database.write { connection in
      try connection.execute(
        "DELETE FROM backfill_sessions WHERE project_id = $1",
        [.int(project)]
      )
    }
  }
}
