import Storage
import Values

extension Migration {
  /// Users, experiments, runs, and what is logged on a run.
  ///
  /// Keys are `INTEGER PRIMARY KEY` and handed out by the statements (greatest + 1): in SQLite that
  /// is the row's own number without a second index, in PostgreSQL a plain key. Times are
  /// milliseconds. A null metric value stands for "not a number".
  /// A metric's history is one narrow row a point, keyed by the number of its series; the series
  /// carries the latest point, so that lists of runs never touch the history.
  static func trackingRuns(clock: @escaping @Sendable () -> UnixTime) -> Migration {
    Migration(name: "0001-runs") { connection in
      for statement in tables { try connection.execute(statement) }
      // Clients of MLflow log to experiment 0 when none is named.
      try connection.execute(
        """
        INSERT INTO experiments (id, name, lifecycle_stage, created_at, updated_at)
        VALUES (0, 'Default', 'active', $1, $1)
        """,
        [.int(clock().milliseconds)]
      )
    }
  }

  private static var tables: [String] {
    [
      """
      CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        email TEXT,
        created_at BIGINT NOT NULL)
      """,
      """
      CREATE TABLE experiments (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        artifact_location TEXT,
        lifecycle_stage TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL)
      """,
      """
      CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,
        experiment_id INTEGER NOT NULL REFERENCES experiments (id),
        name TEXT NOT NULL,
        user_id INTEGER NOT NULL REFERENCES users (id),
        status TEXT NOT NULL,
        lifecycle_stage TEXT NOT NULL,
        start_time BIGINT NOT NULL,
        end_time BIGINT,
        deleted_time BIGINT,
        project TEXT,
        workflow TEXT,
        session_id BIGINT,
        session_time TEXT,
        attempt_id BIGINT,
        task TEXT,
        revision TEXT,
        input_table TEXT,
        notebook TEXT)
      """,
      "CREATE INDEX runs_by_experiment ON runs (experiment_id, start_time)",
      "CREATE INDEX runs_by_attempt ON runs (attempt_id, task)",
      """
      CREATE TABLE params (
        run_id INTEGER NOT NULL REFERENCES runs (id),
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run_id, name))
      """,
      """
      CREATE TABLE tags (
        run_id INTEGER NOT NULL REFERENCES runs (id),
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run_id, name))
      """,
      """
      CREATE TABLE metric_series (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES runs (id),
        name TEXT NOT NULL,
        last_step BIGINT NOT NULL,
        last_time BIGINT NOT NULL,
        last_value DOUBLE PRECISION,
        UNIQUE (run_id, name))
      """,
      """
      CREATE TABLE metric_points (
        series_id INTEGER NOT NULL REFERENCES metric_series (id),
        step BIGINT NOT NULL,
        logged_at BIGINT NOT NULL,
        value DOUBLE PRECISION)
      """,
      "CREATE INDEX metric_points_in_order ON metric_points (series_id, step, logged_at)",
    ]
  }
}
