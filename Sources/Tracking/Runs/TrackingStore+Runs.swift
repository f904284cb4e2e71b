import Storage
public import Values

extension TrackingStore {
  /// Begins a run in the state `running`.
  ///
  /// A task that was cut off by the death of its process is run again: its earlier runs of the same
  /// attempt and task that never ended become `killed`.
  /// - Throws: ``TrackingError`` `invalid` for a bad name, `storage`.
  @discardableResult
  public func startRun(_ new: NewRun) throws -> Run {
    try RecordName.checkLength(new.name, of: "run", limit: 500)
    let id = RunID(freshHexadecimal())
    let now = clock()
    return try write("run `\(new.name)`") { connection in
      let experiment = try experiment(named: new.experiment, connection)
      if let attempt = new.lineage.attemptID, let task = new.lineage.task {
        try connection.execute(
          """
          UPDATE runs
          SET status = 'KILLED', end_time = $3
          WHERE attempt_id = $1 AND task = $2 AND status = 'RUNNING'
          """,
          [.int(attempt), .string(task), Value(now)]
        )
      }
      try insert(new, id: id, experiment: experiment, now: now, connection)
      let number = try Self.number(of: id, connection)
      try Self.logParams(new.params, number: number, id, connection)
      try Self.setTags(new.tags, number: number, connection)
      return try Self.run(id, connection)
    }
  }

  /// Ends a run and logs its last results, all or nothing.
  ///
  /// - Parameters:
  ///   - id: the run, in whatever state it is.
  ///   - status: a final one.
  ///   - metrics: as in ``logMetrics(_:on:)``.
  ///   - params: as in ``logParams(_:on:)``.
  ///   - tags: as in ``setTags(_:on:)``.
  ///   - notebook: replaces the lineage's notebook when given.
  /// - Returns: the run as it is now.
  /// - Throws: ``TrackingError`` `notFound`, `invalid`, `conflict`, `storage`.
  @discardableResult
  public func finishRun(
    _ id: RunID,
    _ status: RunStatus,
    metrics: [Metric] = [],
    params: ObjectValue = [:],
    tags: ObjectValue = [:],
    notebook: String? = nil
  ) throws -> Run {
    guard status.isFinal else {
      throw TrackingError(
        .invalid,
        "run `\(id)`: expected the end status FINISHED, FAILED or KILLED, found \(status.rawValue)"
      )
    }
    let now = clock()
    return try write("end of run `\(id)`") { connection in
      let number = try Self.number(of: id, connection)
      try Self.logMetrics(metrics, number: number, now: now, connection)
      try Self.logParams(params, number: number, id, connection)
      try Self.setTags(tags, number: number, connection)
      try connection.execute(
        """
        UPDATE runs
        SET status = $2, end_time = $3, notebook = COALESCE($4, notebook)
        WHERE id = $1
        """,
        [.int(number), .string(status.rawValue), Value(now), Value(notebook)]
      )
      return try Self.run(id, connection)
    }
  }

  /// One run.
  ///
  /// - Throws: ``TrackingError`` `notFound`.
  public func run(_ id: RunID) throws -> Run {
    try read("run `\(id)`") { try Self.run(id, $0) }
  }

  /// The runs that pass a filter, the newest first.
  public func runs(_ filter: RunFilter = RunFilter()) throws -> [Run] {
    try read("runs") { connection in
      try connection.rows(
        Self.selectRun + """

          WHERE runs.lifecycle_stage = 'active'
            AND (CAST($1 AS TEXT) IS NULL OR experiments.name = $1)
            AND (CAST($2 AS BIGINT) IS NULL OR runs.user_id = $2)
            AND (CAST($3 AS TEXT) IS NULL OR runs.status = $3)
            AND (CAST($4 AS BIGINT) IS NULL OR runs.attempt_id = $4)
          ORDER BY runs.start_time DESC, runs.id DESC
          LIMIT $5
          """,
        [
          Value(filter.experiment), Value(filter.user?.number), Value(filter.status?.rawValue),
          Value(filter.attemptID), .int(Int64(max(0, filter.limit))),
        ]
      ).map(Run.init)
    }
  }

  static func run(_ id: RunID, _ connection: SQLConnection) throws -> Run {
    let row = try connection.row(selectRun + "\nWHERE runs.uuid = $1", [.string(id.text)])
    guard let row else { throw notFound(id) }
    return try Run(row)
  }

  /// The key that other tables know a run by.
  static func number(of id: RunID, _ connection: SQLConnection) throws -> Int64 {
    let row = try connection.row("SELECT id FROM runs WHERE uuid = $1", [.string(id.text)])
    guard let row else { throw notFound(id) }
    return try Record(row).integer("id")
  }

  private static func notFound(_ id: RunID) -> TrackingError {
    TrackingError(.notFound, "run `\(id)` not found")
  }

  private func insert(
    _ new: NewRun,
    id: RunID,
    experiment: Experiment,
    now: UnixTime,
    _ connection: SQLConnection
  ) throws {
    let lineage = new.lineage
    try connection.execute(
      """
      INSERT INTO runs (
        id, uuid, experiment_id, name, user_id, status, lifecycle_stage, start_time,
        project, workflow, session_id, session_time, attempt_id, task, revision, input_table,
        notebook)
      VALUES (
        (SELECT COALESCE(MAX(id), 0) + 1 FROM runs), $1, $2, $3, $4, 'RUNNING', 'active', $5,
        $6, $7, $8, $9, $10, $11, $12, $13, $14)
      """,
      [
        .string(id.text), .int(experiment.id), .string(new.name), .int(new.user.number),
        Value(now), Value(lineage.project), Value(lineage.workflow), Value(lineage.sessionID),
        Value(lineage.sessionTime), Value(lineage.attemptID), Value(lineage.task),
        Value(lineage.revision), Value(lineage.inputTable), Value(lineage.notebook),
      ]
    )
  }

  private static let selectRun = """
    SELECT runs.uuid, runs.experiment_id, experiments.name AS experiment, runs.name,
      users.id AS user_id, users.name AS user_name, users.email AS user_email, runs.status,
      runs.start_time, runs.end_time, runs.project, runs.workflow, runs.session_id,
      runs.session_time, runs.attempt_id, runs.task, runs.revision, runs.input_table, runs.notebook
    FROM runs
    JOIN experiments ON experiments.id = runs.experiment_id
    JOIN users ON users.id = runs.user_id
    """
}

extension Run {
  init(_ row: ObjectValue) throws {
    let record = Record(row)
    guard let status = RunStatus(rawValue: try record.text("status")) else {
      throw record.mismatch("status", "a run's status")
    }
    self.init(
      id: RunID(try record.text("uuid")),
      experimentID: try record.integer("experiment_id"),
      experiment: try record.text("experiment"),
      name: try record.text("name"),
      user: User(
        id: UserID(try record.integer("user_id")),
        name: try record.text("user_name"),
        email: try record.optionalText("user_email")
      ),
      status: status,
      startedAt: try record.time("start_time"),
      endedAt: try record.optionalInteger("end_time").map(UnixTime.init(milliseconds:)),
      lineage: try RunLineage(record)
    )
  }
}

extension RunLineage {
  fileprivate init(_ record: Record) throws {
    self.init(
      project: try record.optionalText("project"),
      workflow: try record.optionalText("workflow"),
      sessionID: try record.optionalInteger("session_id"),
      sessionTime: try record.optionalText("session_time"),
      attemptID: try record.optionalInteger("attempt_id"),
      task: try record.optionalText("task"),
      revision: try record.optionalText("revision"),
      inputTable: try record.optionalText("input_table"),
      notebook: try record.optionalText("notebook")
    )
  }
}
