import Storage

extension Migration {
  /// The files that were stored, and the models registered from them.
  ///
  /// `folder` is a place in the artifact store: of a run, or of one model version.
  static let trackingArtifactsAndModels = Migration(
    name: "0002-artifacts-and-models",
    statements: [
      """
      CREATE TABLE artifacts (
        folder TEXT NOT NULL,
        path TEXT NOT NULL,
        size BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (folder, path))
      """,
      """
      CREATE TABLE registered_models (
        id INTEGER PRIMARY KEY,
        owner_id INTEGER NOT NULL REFERENCES users (id),
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        UNIQUE (owner_id, name))
      """,
      """
      CREATE TABLE model_versions (
        id INTEGER PRIMARY KEY,
        model_id INTEGER NOT NULL REFERENCES registered_models (id),
        version INTEGER NOT NULL,
        run_id INTEGER REFERENCES runs (id),
        folder TEXT NOT NULL UNIQUE,
        flavor TEXT NOT NULL,
        description TEXT NOT NULL,
        status TEXT NOT NULL,
        shared_uuid TEXT UNIQUE,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        UNIQUE (model_id, version))
      """,
      "CREATE INDEX model_versions_by_run ON model_versions (run_id)",
    ]
  )
}
