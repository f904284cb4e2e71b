import Storage

/// The tables of schedules and of sessions of the past that are to run.
enum ScheduleMigrations {
  static let all = [schedules, numbered]

  private static let schedules = Migration(
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

  /// Schedules get numbers, as a server names them by.
  private static let numbered = Migration(
    name: "0002-numbered",
    statements: [
      """
      CREATE TABLE numbered_schedules (
        id INTEGER PRIMARY KEY,
        project_id INTEGER NOT NULL REFERENCES projects(id),
        workflow TEXT NOT NULL,
        written TEXT NOT NULL,
        next_session_time BIGINT NOT NULL,
        next_run_time BIGINT NOT NULL,
        last_session_time BIGINT,
        disabled_at DOUBLE PRECISION,
        last_skip TEXT,
        UNIQUE (project_id, workflow)
      )
      """,
      """
      INSERT INTO numbered_schedules (
        project_id, workflow, written, next_session_time, next_run_time, last_session_time)
      SELECT project_id, workflow, written, next_session_time, next_run_time, last_session_time
      FROM schedules
      ORDER BY project_id, workflow
      """,
      "DROP TABLE schedules",
      "ALTER TABLE numbered_schedules RENAME TO schedules",
      """
      CREATE TABLE backfill_sessions (
        id INTEGER PRIMARY KEY,
        backfill INTEGER NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects(id),
        workflow TEXT NOT NULL,
        session_time BIGINT NOT NULL,
        name TEXT NOT NULL,
        account_id INTEGER,
        attempt_id INTEGER
      )
      """,
    ]
  )
}
