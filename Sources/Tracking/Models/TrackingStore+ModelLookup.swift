import Storage
import Values

extension TrackingStore {
  /// The model version that a reference means to a user.
  ///
  /// A user may use what is theirs by name, and what is shared by its UUID; a name alone never
  /// opens the model of another user, even a shared one.
  /// - Throws: ``TrackingError`` `notFound` with the nearest names; `otherOwner` with the way to
  ///   share.
  public func model(_ reference: ModelReference, for user: UserID) throws -> ModelVersion {
    try read("models") { connection in
      switch reference {
      case .name(let name): try own(name, user, connection)
      case .qualifiedName(let owner, let name): try qualified(owner, name, user, connection)
      case .shared(let uuid): try shared(uuid, connection)
      }
    }
  }

  private func own(
    _ name: String,
    _ user: UserID,
    _ connection: SQLConnection
  ) throws -> ModelVersion {
    let version = try first(
      "registered_models.owner_id = $2",
      name,
      .int(user.number),
      .latest,
      connection
    )
    if let version { return version }
    let other = try first(
      "registered_models.owner_id <> $2",
      name,
      .int(user.number),
      .shared,
      connection
    )
    if let other { throw otherOwner(other) }
    throw try notFound(name, user, connection)
  }

  private func qualified(
    _ owner: String,
    _ name: String,
    _ user: UserID,
    _ connection: SQLConnection
  ) throws -> ModelVersion {
    let latest = try first("users.name = $2", name, .string(owner), .latest, connection)
    guard let latest else { throw try notFound("\(owner)/\(name)", user, connection) }
    if latest.owner.id == user { return latest }
    throw otherOwner(
      try first("users.name = $2", name, .string(owner), .shared, connection) ?? latest
    )
  }

  private func shared(_ uuid: String, _ connection: SQLConnection) throws -> ModelVersion {
    let row = try connection.row(
      Self.selectVersion + "\nWHERE model_versions.shared_uuid = $1",
      [.string(uuid.lowercased())]
    )
    guard let row else {
      throw TrackingError(
        .notFound,
        "no shared model has the UUID `\(uuid)`; `automl.shared_model` of the training has the right "
          + "one when it ran with `share_model: true`"
      )
    }
    return try ModelVersion(row)
  }

  /// Which of several versions to take.
  private enum Preference: String {
    case latest = "model_versions.version DESC"
    /// For messages: one that is shared can be used at once.
    case shared = "model_versions.shared_uuid IS NULL, model_versions.version DESC"
  }

  private func first(
    _ condition: String,
    _ name: String,
    _ argument: Value,
    _ preference: Preference,
    _ connection: SQLConnection
  ) throws -> ModelVersion? {
    try connection.row(
      """
      \(Self.selectVersion)
      WHERE registered_models.name = $1 AND \(condition)
      ORDER BY \(preference.rawValue)
      LIMIT 1
      """,
      [.string(name), argument]
    ).map(ModelVersion.init)
  }

  private func otherOwner(_ version: ModelVersion) -> TrackingError {
    let owner = version.owner.name
    let way =
      version.sharedID == nil
      ? "ask `\(owner)` to train it with `share_model: true`"
      : "it is shared: ask `\(owner)` for its UUID"
    return TrackingError(
      .otherOwner,
      "the model `\(version.name)` belongs to the user `\(owner)`; \(way), then use "
        + "`shared_model: <uuid>` in place of `model_name`"
    )
  }

  private func notFound(
    _ name: String,
    _ user: UserID,
    _ connection: SQLConnection
  ) throws -> TrackingError {
    let rows = try connection.rows(
      """
      SELECT registered_models.name, users.name AS owner
      FROM registered_models
      JOIN users ON users.id = registered_models.owner_id
      WHERE users.id = $1
      ORDER BY registered_models.name
      """,
      [.int(user.number)]
    ).map(Record.init)
    let names = try rows.map { row in
      name.contains("/")
        ? "\(try row.text("owner"))/\(try row.text("name"))" : try row.text("name")
    }
    let near = Suggestion.nearest(to: name, among: names)
    let hint =
      names.isEmpty
      ? "; you have no model yet, train one with `ml_train>`" : Suggestion.sentence(near)
    return TrackingError(.notFound, "model `\(name)` not found" + hint)
  }
}
