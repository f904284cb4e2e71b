extension TrackingSnapshot {
  /// A system table and the query that fills it; the query's columns are in the same order.
  struct Definition: Sendable {
    let name: String
    let columns: [SystemTable.Column]
    let query: String

    init(_ name: String, _ columns: [(String, SystemTable.Kind)], _ query: String) {
      self.name = name
      self.columns = columns.map { SystemTable.Column(name: $0.0, kind: $0.1) }
      self.query = query
    }
  }

  static let definitions = [runs, params, metrics, modelVersions]

  private static let runs = Definition(
    "runs",
    [
      ("run_id", .text), ("experiment", .text), ("run_name", .text), ("user_id", .integer),
      ("user_name", .text), ("status", .text), ("start_time", .integer), ("end_time", .integer),
      ("project", .text), ("workflow", .text), ("session_id", .integer), ("session_time", .text),
      ("attempt_id", .integer), ("task", .text), ("revision", .text), ("input_table", .text),
      ("notebook", .text),
    ],
    """
    SELECT runs.uuid AS run_id, experiments.name AS experiment, runs.name AS run_name,
      runs.user_id, users.name AS user_name, runs.status, runs.start_time / 1000 AS start_time,
      runs.end_time / 1000 AS end_time, runs.project, runs.workflow, runs.session_id,
      runs.session_time, runs.attempt_id, runs.task, runs.revision, runs.input_table, runs.notebook
    FROM runs
    JOIN experiments ON experiments.id = runs.experiment_id
    JOIN users ON users.id = runs.user_id
    WHERE runs.lifecycle_stage = 'active'
    ORDER BY runs.id
    """
  )

  private static let params = Definition(
    "params",
    [("run_id", .text), ("name", .text), ("value", .text)],
    """
    SELECT runs.uuid AS run_id, params.name, params.value
    FROM params
    JOIN runs ON runs.id = params.run_id
    WHERE runs.lifecycle_stage = 'active'
    ORDER BY runs.id, params.name
    """
  )

  private static let metrics = Definition(
    "metrics",
    [
      ("run_id", .text), ("name", .text), ("step", .integer), ("time", .integer),
      ("value", .float), ("is_latest", .integer),
    ],
    """
    SELECT runs.uuid AS run_id, metric_series.name, metric_points.step,
      metric_points.logged_at / 1000 AS time, metric_points.value,
      CASE WHEN metric_points.step = metric_series.last_step
        AND metric_points.logged_at = metric_series.last_time
        AND metric_points.value IS NOT DISTINCT FROM metric_series.last_value
        THEN 1 ELSE 0 END AS is_latest
    FROM metric_points
    JOIN metric_series ON metric_series.id = metric_points.series_id
    JOIN runs ON runs.id = metric_series.run_id
    WHERE runs.lifecycle_stage = 'active'
    ORDER BY runs.id, metric_series.name, metric_points.step, metric_points.logged_at,
      metric_points.value
    """
  )

  private static let modelVersions = Definition(
    "model_versions",
    [
      ("owner", .text), ("model_name", .text), ("version", .integer), ("run_id", .text),
      ("shared_model", .text), ("created_at", .integer), ("flavor", .text),
    ],
    """
    SELECT users.name AS owner, registered_models.name AS model_name, model_versions.version,
      runs.uuid AS run_id, model_versions.shared_uuid AS shared_model,
      model_versions.created_at / 1000 AS created_at, model_versions.flavor
    FROM model_versions
    JOIN registered_models ON registered_models.id = model_versions.model_id
    JOIN users ON users.id = registered_models.owner_id
    LEFT JOIN runs ON runs.id = model_versions.run_id
    ORDER BY users.name, registered_models.name, model_versions.version
    """
  )
}
