import Storage

/// The tables of pushed projects; `projects` itself belongs to the engine.
enum ProjectMigrations {
  static let all = [revisions]

  private static let revisions = Migration(
    name: "0001-revisions",
    statements: [
      """
      CREATE TABLE pushed_projects (
        project_id INTEGER PRIMARY KEY REFERENCES projects(id),
        name TEXT NOT NULL,
        created_at DOUBLE PRECISION NOT NULL,
        deleted_at DOUBLE PRECISION
      )
      """,
      """
      CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        project_id INTEGER NOT NULL REFERENCES pushed_projects(project_id),
        name TEXT NOT NULL,
        hash TEXT NOT NULL,
        size_in_bytes BIGINT NOT NULL,
        workflows TEXT NOT NULL,
        created_at DOUBLE PRECISION NOT NULL,
        account_id BIGINT,
        UNIQUE (project_id, name)
      )
      """,
      "CREATE INDEX revisions_of_hash ON revisions (hash)",
    ]
  )
}
