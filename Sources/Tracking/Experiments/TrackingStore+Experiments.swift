import Storage
import Values

extension TrackingStore {
  /// The experiment of a name, made at the first call.
  ///
  /// - Throws: ``TrackingError`` `invalid` for an empty name or one of more than 500 characters.
  public func experiment(named name: String) throws -> Experiment {
    try write("experiment `\(name)`") { try experiment(named: name, $0) }
  }

  /// Every experiment, the newest first.
  public func experiments() throws -> [Experiment] {
    try read("experiments") { connection in
      try connection.rows(
        """
        SELECT id, name, created_at, updated_at
        FROM experiments
        WHERE lifecycle_stage = 'active'
        ORDER BY created_at DESC, id DESC
        """
      ).map(Experiment.init)
    }
  }

  func experiment(named name: String, _ connection: SQLConnection) throws -> Experiment {
    try RecordName.checkLength(name, of: "experiment", limit: 500)
    let stored = try connection.row(
      "SELECT id, name, created_at, updated_at FROM experiments WHERE name = $1",
      [.string(name)]
    )
    if let stored { return try Experiment(stored) }
    let made = try connection.row(
      """
      INSERT INTO experiments (id, name, lifecycle_stage, created_at, updated_at)
      VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM experiments), $1, 'active', $2, $2)
      RETURNING id, name, created_at, updated_at
      """,
      [.string(name), .int(clock().milliseconds)]
    )
    guard let made else { throw TrackingError(.storage, "experiment `\(name)` not saved") }
    return try Experiment(made)
  }
}

extension Experiment {
  init(_ row: ObjectValue) throws {
    let record = Record(row)
    self.init(
      id: try record.integer("id"),
      name: try record.text("name"),
      createdAt: try record.time("created_at"),
      updatedAt: try record.time("updated_at")
    )
  }
}
