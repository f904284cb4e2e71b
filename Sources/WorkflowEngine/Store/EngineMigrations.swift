import Storage

/// The tables of sessions, attempts and tasks.
enum EngineMigrations {
  static let all = [
    Migration(
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
  ]
}
