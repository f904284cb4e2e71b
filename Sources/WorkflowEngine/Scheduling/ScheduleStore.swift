public import Storage
import Values
public import WorkflowLanguage

/// The schedule of a workflow as it is kept.
public struct ScheduleRecord: Sendable, Hashable {
  public let id: Int64
  public let project: Int64
  public let workflow: String
  public var state: ScheduleState
  /// Unix seconds; nil while it is enabled.
  public let disabledAt: Double?
  /// The last session that was left out and why, in words; nil for none.
  public let lastSkip: String?
}

/// Where the schedules of projects stand, as rows.
public struct ScheduleStore: Sendable {
  private let database: SQLDatabase

  /// Brings the tables up to date; those of ``AttemptStore`` must be there.
  public init(database: SQLDatabase) throws {
    self.database = database
    try database.migrate(ScheduleMigrations.all, room: "Schedules")
  }

  /// The schedule of a workflow; made when it is new, moved when the schedule is another than the one kept.
  public func record(
    project: Int64,
    workflow: WorkflowDefinition,
    schedule: Schedule,
    at now: Int64
  ) throws -> ScheduleRecord {
    let written = JSON.encode([
      "schedule": .object(workflow.schedule ?? [:]), "timezone": .string(workflow.timezone),
    ])
    let key: [Value] = [.int(project), .string(workflow.name)]
    return try database.write { connection in
      let row = try connection.row(Self.one, key)
      let kept = row.map { Self.record($0) }
      if let kept, row?["written"]?.string == written { return kept }
      let state = kept?.state.changed(to: schedule, at: now) ?? .beginning(schedule, at: now)
      try connection.execute(
        """
        INSERT INTO schedules (
          project_id, workflow, written, next_session_time, next_run_time, last_session_time)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, workflow) DO UPDATE SET
          written = excluded.written,
          next_session_time = excluded.next_session_time,
          next_run_time = excluded.next_run_time,
          last_session_time = excluded.last_session_time
        """,
        key + [.string(written)] + Self.values(state)
      )
      return Self.record(try connection.row(Self.one, key) ?? [:])
    }
  }

  /// The schedules of one project or of all, in order of numbers.
  public func records(project: Int64? = nil) throws -> [ScheduleRecord] {
    try database.read { connection in
      try connection.rows(
        "SELECT * FROM schedules WHERE $1 IS NULL OR project_id = $1 ORDER BY id",
        [project.map { .int($0) } ?? .null]
      )
    }.map { Self.record($0) }
  }

  /// The schedule of a number; nil when there is none.
  public func record(_ id: Int64) throws -> ScheduleRecord? {
    try database.read { connection in
      try connection.row("SELECT * FROM schedules WHERE id = $1", [.int(id)])
    }.map { Self.record($0) }
  }

  /// Keeps where a schedule stands after a step.
  ///
  /// - Parameters:
  ///   - record: the schedule as it was read; its state becomes the new one.
  ///   - state: the new state.
  ///   - skip: the last session that the step left out and why, in words; nil keeps what was said before.
  /// - Returns: false when the schedule was moved or removed since it was read: nothing is kept then.
  /// - Throws: `StorageError`.
  public func move(
    _ record: inout ScheduleRecord,
    to state: ScheduleState,
    skip: String? = nil
  ) throws -> Bool {
    let count = try database.write { connection in
      try connection.execute(
        """
        UPDATE schedules
        SET next_session_time = $3, next_run_time = $4, last_session_time = $5,
          last_skip = coalesce($6, last_skip)
        WHERE id = $1 AND next_session_time = $2
        """,
        [.int(record.id), .int(record.state.next.sessionTime)] + Self.values(state)
          + [.optional(skip)]
      )
    }
    if count > 0 { record.state = state }
    return count > 0
  }

  /// Stops a schedule, at a time in Unix seconds, or with nil lets it go on where it stands.
  public func disable(_ id: Int64, at time: Double?) throws {
    _ = try database.write { connection in
      try connection.execute(
        """
        UPDATE schedules
        SET disabled_at = CASE WHEN $2 IS NULL THEN NULL ELSE coalesce(disabled_at, $2) END
        WHERE id = $1
        """,
        [.int(id), .optional(time)]
      )
    }
  }

  /// Forgets the schedules of workflows that have none any more: one that comes back begins anew.
  public func forget(project: Int64, but workflows: [String]) throws {
    let gone = try records(project: project).filter { !workflows.contains($0.workflow) }
    guard !gone.isEmpty else { return }
    _ = try database.write { connection in
      for record in gone {
        try connection.execute("DELETE FROM schedules WHERE id = $1", [.int(record.id)])
      }
    }
  }

  private static let one = "SELECT * FROM schedules WHERE project_id = $1 AND workflow = $2"

  private static func record(_ row: ObjectValue) -> ScheduleRecord {
    ScheduleRecord(
      id: row["id"]?.int ?? 0,
      project: row["project_id"]?.int ?? 0,
      workflow: row["workflow"]?.string ?? "",
      state: ScheduleState(
        next: ScheduleTime(
          sessionTime: row["next_session_time"]?.int ?? 0,
          runTime: row["next_run_time"]?.int ?? 0
        ),
        lastSession: row["last_session_time"]?.int
      ),
      disabledAt: row["disabled_at"]?.double,
      lastSkip: row["last_skip"]?.string
    )
  }

  private static func values(_ state: ScheduleState) -> [Value] {
    [
      .int(state.next.sessionTime), .int(state.next.runTime),
      state.lastSession.map { .int($0) } ?? .null,
    ]
  }
}
