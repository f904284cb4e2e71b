import Storage
import Values

extension TrackingStore {
  /// Stores a copy of a file with a run, replacing the artifact of the same path.
  ///
  /// - Parameters:
  ///   - file: where the file lies now.
  ///   - path: its path within the run, as `notebook.ipynb` or `plots/roc.png`.
  ///   - id: the run.
  /// - Returns: its size and hash.
  /// - Throws: ``TrackingError`` `notFound`, `invalid`, `artifact`, `storage`.
  @discardableResult
  public func logArtifact(_ file: String, as path: String, on id: RunID) throws -> ArtifactFile {
    try removeLeftovers()
    let place = try artifactPlace(of: id)
    return try artifacts.store(
      file: file,
      at: place,
      named: path,
      token: freshHexadecimal()
    ) { stored in
      try write("artifact `\(path)` of run `\(id)`") {
        try Self.record([stored], at: place, $0)
      }
      return stored
    }
  }

  /// The artifacts of a run, by path.
  public func artifactFiles(of id: RunID) throws -> [ArtifactFile] {
    let place = try artifactPlace(of: id)
    return try read("artifacts of run `\(id)`") { try Self.files(at: place, $0) }
  }

  /// The absolute path of a run's artifact, after its contents were checked.
  ///
  /// - Throws: ``TrackingError`` `notFound` with the nearest paths, `artifact` when damaged.
  public func artifactPath(_ path: String, of id: RunID) throws -> String {
    let files = try artifactFiles(of: id)
    guard let file = files.first(where: { $0.path == path }) else {
      let near = Suggestion.nearest(to: path, among: files.map(\.path))
      throw TrackingError(
        .notFound,
        "run `\(id)` has no artifact `\(path)`" + Suggestion.sentence(near)
      )
    }
    return try artifacts.verified([file], at: artifactPlace(of: id)) + "/" + path
  }

  /// Removes the half-written copies of processes that were killed; every writer does so first.
  public func removeLeftovers() throws {
    try artifacts.removeLeftovers { place in
      try read("artifacts") { connection in
        try connection.row("SELECT 1 AS found FROM artifacts WHERE folder = $1", [.string(place)])
          != nil
      }
    }
  }

  /// Laid out as MLflow's artifact proxy shows it: experiment, run, `artifacts`.
  func artifactPlace(of id: RunID) throws -> String {
    "\(try run(id).experimentID)/\(id)/artifacts"
  }

  static func record(
    _ files: [ArtifactFile],
    at place: String,
    _ connection: SQLConnection
  ) throws {
    for file in files {
      try connection.execute(
        """
        INSERT INTO artifacts (folder, path, size, sha256) VALUES ($1, $2, $3, $4)
        ON CONFLICT (folder, path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256
        """,
        [.string(place), .string(file.path), .int(file.sizeInBytes), .string(file.sha256)]
      )
    }
  }

  static func files(at place: String, _ connection: SQLConnection) throws -> [ArtifactFile] {
    try connection.rows(
      "SELECT path, size, sha256 FROM artifacts WHERE folder = $1 ORDER BY path",
      [.string(place)]
    ).map { row in
      let record = Record(row)
      return ArtifactFile(
        path: try record.text("path"),
        sizeInBytes: try record.integer("size"),
        sha256: try record.text("sha256")
      )
    }
  }
}

extension Suggestion {
  /// The end of a message: `; did you mean …?`, or nothing.
  static func sentence(_ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    return "; did you mean " + names.map { "`\($0)`" }.joined(separator: ", ") + "?"
  }
}
