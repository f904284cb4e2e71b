import Foundation
import Storage
import Values

extension TrackingStore {
  /// Stores a copy of a model's folder as the next version of its name.
  ///
  /// Training again under the same name makes a new version; the old ones stay as they are.
  /// A process that dies on the way leaves no version and no folder that anyone sees.
  /// - Parameters:
  ///   - new: what to register; a version that is shared gets a UUID of its own.
  ///   - folder: the folder to copy, with an `MLmodel` file at its top.
  /// - Returns: the new version, with its UUID when it is shared.
  /// - Throws: ``TrackingError`` `invalid`, `notFound` (run), `artifact`, `storage`.
  @discardableResult
  public func registerModel(
    _ new: NewModelVersion,
    from folder: String
  ) throws -> ModelVersion {
    try RecordName.checkModel(new.name)
    try removeLeftovers()
    let experiment = try new.run.map { try run($0).experimentID } ?? 0
    let token = freshHexadecimal()
    let place = "\(experiment)/models/m-\(token)/artifacts"
    let sharedID = new.isShared ? ids().uuidString.lowercased() : nil
    let now = clock()
    return try artifacts.store(folder: folder, at: place, token: token) { files in
      try write("model `\(new.name)`") { connection in
        try Self.record(files, at: place, connection)
        let model = try modelNumber(new, now: now, connection)
        let row = try connection.row(
          """
          INSERT INTO model_versions (
            id, model_id, version, run_id, folder, flavor, description, status, shared_uuid,
            created_at, updated_at)
          VALUES (
            (SELECT COALESCE(MAX(id), 0) + 1 FROM model_versions), $1,
            (SELECT COALESCE(MAX(version), 0) + 1 FROM model_versions WHERE model_id = $1),
            (SELECT id FROM runs WHERE uuid = $2), $3, $4, $5, 'READY', $6, $7, $7)
          RETURNING id
          """,
          [
            .int(model), Value(new.run?.text), .string(place), .object(new.flavor),
            .string(new.description), Value(sharedID), Value(now),
          ]
        )
        return try Self.version(numbered: Record(row ?? [:]).integer("id"), connection)
      }
    }
  }

  /// Shares a version: whoever has its UUID may predict with it.
  ///
  /// Sharing again keeps the UUID.
  /// - Throws: ``TrackingError`` `notFound`; `otherOwner` when the user does not own the model.
  public func share(_ version: ModelVersion, by user: UserID) throws -> ModelVersion {
    guard version.owner.id == user else {
      throw TrackingError(
        .otherOwner,
        "only `\(version.owner.name)` can share the model `\(version.qualifiedName)`"
      )
    }
    let fresh = ids().uuidString.lowercased()
    let now = clock()
    return try write("model `\(version.qualifiedName)`") { connection in
      try connection.execute(
        """
        UPDATE model_versions
        SET shared_uuid = $2, updated_at = $3
        WHERE id = $1 AND shared_uuid IS NULL
        """,
        [.int(version.id), .string(fresh), Value(now)]
      )
      return try Self.version(numbered: version.id, connection)
    }
  }

  /// The versions of a user's model, the newest first; empty when there is no such model.
  public func modelVersions(of name: String, owner: UserID) throws -> [ModelVersion] {
    try read("model `\(name)`") { connection in
      try connection.rows(
        Self.selectVersion + """

          WHERE registered_models.owner_id = $1 AND registered_models.name = $2
          ORDER BY model_versions.version DESC
          """,
        [.int(owner.number), .string(name)]
      ).map(ModelVersion.init)
    }
  }

  /// The latest version of every model, by owner and name.
  public func models() throws -> [ModelVersion] {
    try read("models") { connection in
      try connection.rows(
        Self.selectVersion + """

          WHERE model_versions.version = (
            SELECT MAX(version) FROM model_versions AS others
            WHERE others.model_id = model_versions.model_id)
          ORDER BY users.name, registered_models.name
          """
      ).map(ModelVersion.init)
    }
  }

  /// The folder of a version, after every file in it was checked; read only.
  ///
  /// - Throws: ``TrackingError`` `artifact`, naming the file that is missing or damaged.
  public func folder(of version: ModelVersion) throws -> String {
    let files = try modelFiles(of: version)
    guard !files.isEmpty else {
      throw TrackingError(.artifact, "the model `\(version.qualifiedName)` has no files")
    }
    return try artifacts.verified(files, at: version.place)
  }

  /// The files of a version, by path.
  public func modelFiles(of version: ModelVersion) throws -> [ArtifactFile] {
    try read("model `\(version.qualifiedName)`") { try Self.files(at: version.place, $0) }
  }

  private func modelNumber(
    _ new: NewModelVersion,
    now: UnixTime,
    _ connection: SQLConnection
  ) throws -> Int64 {
    let row = try connection.row(
      """
      INSERT INTO registered_models (id, owner_id, name, description, created_at, updated_at)
      VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM registered_models), $1, $2, '', $3, $3)
      ON CONFLICT (owner_id, name) DO UPDATE SET updated_at = excluded.updated_at
      RETURNING id
      """,
      [.int(new.owner.number), .string(new.name), Value(now)]
    )
    return try Record(row ?? [:]).integer("id")
  }

  static func version(numbered number: Int64, _ connection: SQLConnection) throws -> ModelVersion {
    let row = try connection.row(
      selectVersion + "\nWHERE model_versions.id = $1",
      [.int(number)]
    )
    guard let row else { throw TrackingError(.notFound, "model version \(number) not found") }
    return try ModelVersion(row)
  }

  static let selectVersion = """
    SELECT model_versions.id, users.id AS owner_id, users.name AS owner_name,
      users.email AS owner_email, registered_models.name, model_versions.version,
      runs.uuid AS run, model_versions.flavor, model_versions.description,
      model_versions.shared_uuid, model_versions.created_at, model_versions.folder
    FROM model_versions
    JOIN registered_models ON registered_models.id = model_versions.model_id
    JOIN users ON users.id = registered_models.owner_id
    LEFT JOIN runs ON runs.id = model_versions.run_id
    """
}

extension ModelVersion {
  init(_ row: ObjectValue) throws {
    let record = Record(row)
    self.init(
      id: try record.integer("id"),
      owner: User(
        id: UserID(try record.integer("owner_id")),
        name: try record.text("owner_name"),
        email: try record.optionalText("owner_email")
      ),
      name: try record.text("name"),
      version: try record.integer("version"),
      run: try record.optionalText("run").map(RunID.init),
      flavor: try record.object("flavor"),
      description: try record.text("description"),
      sharedID: try record.optionalText("shared_uuid"),
      createdAt: try record.time("created_at"),
      place: try record.text("folder")
    )
  }
}
