import Storage
import Values

extension TrackingStore {
  /// Appends metrics to their histories; the very same point again changes nothing.
  ///
  /// - Throws: ``TrackingError`` `notFound`, `invalid`; then nothing is logged.
  public func logMetrics(_ metrics: [Metric], on id: RunID) throws {
    let now = clock()
    try write("metrics of run `\(id)`") { connection in
      let number = try Self.number(of: id, connection)
      try Self.logMetrics(metrics, number: number, now: now, connection)
    }
  }

  /// The latest value of each metric of a run, by name; latest is the greatest step, then time.
  public func latestMetrics(of id: RunID) throws -> [Metric] {
    try read("metrics of run `\(id)`") { connection in
      try connection.rows(
        """
        SELECT name, last_step AS step, last_time AS logged_at, last_value AS value
        FROM metric_series
        WHERE run_id = $1
        ORDER BY name
        """,
        [.int(Self.number(of: id, connection))]
      ).map(Metric.init)
    }
  }

  /// Every point of a metric, by step, then time; empty when the run never logged it.
  public func metricHistory(_ name: String, of id: RunID) throws -> [Metric] {
    try read("metric `\(name)` of run `\(id)`") { connection in
      try connection.rows(
        """
        SELECT metric_series.name, step, logged_at, value
        FROM metric_series
        JOIN metric_points ON metric_points.series_id = metric_series.id
        WHERE metric_series.run_id = $1 AND metric_series.name = $2
        ORDER BY step, logged_at, value
        """,
        [.int(Self.number(of: id, connection)), .string(name)]
      ).map(Metric.init)
    }
  }

  static func logMetrics(
    _ metrics: [Metric],
    number: Int64,
    now: UnixTime,
    _ connection: SQLConnection
  ) throws {
    var batches: [(name: String, points: [Metric])] = []
    var positions: [String: Int] = [:]
    for metric in metrics {
      if let position = positions[metric.name] {
        batches[position].points.append(metric)
      } else {
        try RecordName.check(metric.name, of: "metric")
        positions[metric.name] = batches.count
        batches.append((metric.name, [metric]))
      }
    }
    for batch in batches {
      var series = try MetricSeries(batch.name, run: number, connection)
      for metric in batch.points { try series.append(metric, now: now, connection) }
      try series.save(connection)
    }
  }
}

/// The history of one metric of one run while points are appended.
private struct MetricSeries {
  private let number: Int64
  private var last: Metric?

  init(_ name: String, run: Int64, _ connection: SQLConnection) throws {
    let stored = try connection.row(
      """
      SELECT id, name, last_step AS step, last_time AS logged_at, last_value AS value
      FROM metric_series
      WHERE run_id = $1 AND name = $2
      """,
      [.int(run), .string(name)]
    )
    if let stored {
      number = try Record(stored).integer("id")
      last = try Metric(stored)
      return
    }
    let made = try connection.row(
      """
      INSERT INTO metric_series (id, run_id, name, last_step, last_time)
      VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM metric_series), $1, $2, 0, 0)
      RETURNING id
      """,
      [.int(run), .string(name)]
    )
    number = try Record(made ?? [:]).integer("id")
  }

  mutating func append(_ metric: Metric, now: UnixTime, _ connection: SQLConnection) throws {
    let time = metric.time ?? now
    let point: [Value] = [
      .int(number), .int(metric.step), Value(time), Value(stored: metric.value),
    ]
    // Only a point that is not later than all others can be one that was sent twice.
    if let last, let lastTime = last.time, (metric.step, time) <= (last.step, lastTime) {
      let same = try connection.row(
        """
        SELECT 1 AS found FROM metric_points
        WHERE series_id = $1 AND step = $2 AND logged_at = $3 AND value IS NOT DISTINCT FROM $4
        """,
        point
      )
      if same != nil { return }
    }
    try connection.execute(
      "INSERT INTO metric_points (series_id, step, logged_at, value) VALUES ($1, $2, $3, $4)",
      point
    )
    let latest = Metric(metric.name, metric.value, step: metric.step, time: time)
    if last.map({ latest.isLater(than: $0) }) ?? true { last = latest }
  }

  func save(_ connection: SQLConnection) throws {
    guard let last else { return }
    try connection.execute(
      "UPDATE metric_series SET last_step = $2, last_time = $3, last_value = $4 WHERE id = $1",
      [.int(number), .int(last.step), Value(last.time), Value(stored: last.value)]
    )
  }
}

extension Metric {
  init(_ row: ObjectValue) throws {
    let record = Record(row)
    self.init(
      try record.text("name"),
      try record.number("value"),
      step: try record.integer("step"),
      time: try record.time("logged_at")
    )
  }

  /// MLflow's order of points: step, time, value, and NaN below every number.
  fileprivate func isLater(than other: Metric) -> Bool {
    let left = (step, time?.milliseconds ?? 0)
    let right = (other.step, other.time?.milliseconds ?? 0)
    if left != right { return left > right }
    return value > other.value || (other.value.isNaN && !value.isNaN)
  }
}
