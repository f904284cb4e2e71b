import Storage

/// The tables of sessions, attempts and tasks.
enum EngineMigrations {
  static let all = [sessions, durable, revisions, pages]

  private static let sessions = Migration(
    name: "0001-sessions",
    statements: [
      """
      CREATE TABLE projects (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
      )
      """,
      """
      CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        project_id INTEGER NOT NULL REFERENCES projects(id),
        workflow TEXT NOT NULL,
        session_time BIGINT NOT NULL,
        uuid TEXT NOT NULL UNIQUE,
        UNIQUE (project_id, workflow, session_time)
      )
      """,
      """
      CREATE TABLE attempts (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions(id),
        status TEXT NOT NULL,
        params TEXT NOT NULL,
        timezone TEXT NOT NULL,
        created_at DOUBLE PRECISION NOT NULL,
        finished_at DOUBLE PRECISION
      )
      """,
      "CREATE INDEX attempts_of_session ON attempts (session_id)",
      """
      CREATE TABLE tasks (
        attempt_id INTEGER NOT NULL REFERENCES attempts(id),
        id INTEGER NOT NULL,
        parent_id INTEGER,
        full_name TEXT NOT NULL,
        type TEXT,
        state TEXT NOT NULL,
        upstreams TEXT NOT NULL,
        store_params TEXT NOT NULL,
        reset_params TEXT NOT NULL,
        export_params TEXT NOT NULL,
        poll_state TEXT NOT NULL,
        error_message TEXT,
        error_detail TEXT,
        retry_count INTEGER NOT NULL,
        started_at DOUBLE PRECISION,
        finished_at DOUBLE PRECISION,
        PRIMARY KEY (attempt_id, id)
      )
      """,
    ]
  )

  /// What it takes to go on with an attempt whose process is gone.
  private static let durable = Migration(
    name: "0002-durable",
    statements: [
      """
      CREATE TABLE definitions (
        hash TEXT PRIMARY KEY,
        body TEXT NOT NULL
      )
      """,
      "ALTER TABLE attempts ADD COLUMN definition TEXT REFERENCES definitions(hash)",
      "ALTER TABLE attempts ADD COLUMN name TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE attempts ADD COLUMN task_limit INTEGER NOT NULL DEFAULT 1000",
      "ALTER TABLE attempts ADD COLUMN resumed_from TEXT",
      "ALTER TABLE attempts ADD COLUMN fence INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE attempts ADD COLUMN owner TEXT",
      "ALTER TABLE attempts ADD COLUMN lease_until DOUBLE PRECISION",
      "ALTER TABLE attempts ADD COLUMN kill_requested_at DOUBLE PRECISION",
      "ALTER TABLE attempts ADD COLUMN message TEXT",
      "ALTER TABLE tasks ADD COLUMN role TEXT NOT NULL DEFAULT 'written'",
      "ALTER TABLE tasks ADD COLUMN node TEXT",
      "ALTER TABLE tasks ADD COLUMN delayed_end TEXT",
      "ALTER TABLE tasks ADD COLUMN retry TEXT",
      "ALTER TABLE tasks ADD COLUMN due_at DOUBLE PRECISION",
      "ALTER TABLE tasks ADD COLUMN is_superseded INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE tasks ADD COLUMN is_resumed INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE tasks ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0",
    ]
  )

  /// What a server must know to go on with an attempt of any of its projects.
  private static let revisions = Migration(
    name: "0003-revisions",
    statements: [
      "ALTER TABLE attempts ADD COLUMN revision_id INTEGER",
      "ALTER TABLE attempts ADD COLUMN account_id INTEGER",
      "ALTER TABLE attempts ADD COLUMN run_time BIGINT",
      "CREATE INDEX unfinished_attempts ON attempts (id) WHERE status = 'running'",
    ]
  )

  /// Lists of a project or a workflow, newest first, page by page, however long they are.
  private static let pages = Migration(
    name: "0004-pages",
    statements: [
      "ALTER TABLE attempts ADD COLUMN project_id INTEGER",
      "ALTER TABLE attempts ADD COLUMN workflow TEXT",
      """
      UPDATE attempts SET
        project_id = (SELECT project_id FROM sessions WHERE sessions.id = session_id),
        workflow = (SELECT workflow FROM sessions WHERE sessions.id = session_id)
      """,
      "CREATE INDEX attempts_of_project ON attempts (project_id, id)",
      "CREATE INDEX attempts_of_workflow ON attempts (project_id, workflow, id)",
      "CREATE INDEX attempts_by_status ON attempts (status, id)",
      "CREATE INDEX sessions_of_project ON sessions (project_id, id)",
      "CREATE INDEX sessions_of_workflow ON sessions (project_id, workflow, id)",
    ]
  )
}
