public import Storage
import Values
public import WorkflowLanguage

/// Where the schedules of projects stand, as rows.
public struct ScheduleStore: Sendable {
  private let database: SQLDatabase

  /// Brings the tables up to date; those of ``AttemptStore`` must be there.
  public init(database: SQLDatabase) throws {
    self.database = database
    try database.migrate(Self.migrations, room: "Schedules")
  }

  /// Where the schedule of a workflow stands; made when it is new, moved when the schedule is another than the one kept.
  public func state(
    project: Int64,
    workflow: WorkflowDefinition,
    schedule: Schedule,
    at now: Int64
  ) throws -> ScheduleState {
    let written = JSON.encode([
      "schedule": .object(workflow.schedule ?? [:]), "timezone": .string(workflow.timezone),
    ])
    let key: [Value] = [.int(project), .string(workflow.name)]
    return try database.write { connection in
      let row = try connection.row(
        "SELECT * FROM schedules WHERE project_id = $1 AND workflow = $2",
        key
      )
      let kept = row.flatMap { row -> ScheduleState? in
        guard let session = row["next_session_time"]?.int, let run = row["next_run_time"]?.int
        else { return nil }
        return ScheduleState(
          next: ScheduleTime(sessionTime: session, runTime: run),
          lastSession: row["last_session_time"]?.int
        )
      }
      if let kept, row?["written"]?.string == written { return kept }
      let state = kept?.changed(to: schedule, at: now) ?? .beginning(schedule, at: now)
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
      return state
    }
  }

  /// Keeps where a schedule stands after a step.
  public func keep(_ state: ScheduleState, project: Int64, workflow: String) throws {
    _ = try database.write { connection in
      try connection.execute(
        """
        UPDATE schedules
        SET next_session_time = $3, next_run_time = $4, last_session_time = $5
        WHERE project_id = $1 AND workflow = $2
        """,
        [.int(project), .string(workflow)] + Self.values(state)
      )
    }
  }

  /// Forgets the schedules of workflows that have none any more: one that comes back begins anew.
  public func forget(project: Int64, but workflows: [String]) throws {
    let rows = try database.read { connection in
      try connection.rows("SELECT workflow FROM schedules WHERE project_id = $1", [.int(project)])
    }
    let gone = rows.compactMap { $0["workflow"]?.string }.filter { !workflows.contains($0) }
    guard !gone.isEmpty else { return }
    _ = try database.write { connection in
      for name in gone {
        try connection.execute(
          "DELETE FROM schedules WHERE project_id = $1 AND workflow = $2",
          [.int(project), .string(name)]
        )
      }
    }
  }

  private static func values(_ state: ScheduleState) -> [Value] {
    [
      .int(state.next.sessionTime), .int(state.next.runTime),
      state.lastSession.map { .int($0) } ?? .null,
    ]
  }

  private static let migrations = [
    Migration(
      name: "0001-schedules",
      statements: [
        """
        CREATE TABLE schedules (
          project_id INTEGER NOT NULL REFERENCES projects(id),
          workflow TEXT NOT NULL,
          written TEXT NOT NULL,
          next_session_time BIGINT NOT NULL,
          next_run_time BIGINT NOT NULL,
          last_session_time BIGINT,
          PRIMARY KEY (project_id, workflow)
        )
        """
      ]
    )
  ]
}
