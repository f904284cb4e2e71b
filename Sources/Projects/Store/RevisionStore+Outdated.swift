public import Storage
import Values

extension RevisionStore {
  private static let outdated = """
    created_at < $1
    AND id <> (SELECT MAX(id) FROM revisions newer WHERE newer.project_id = revisions.project_id)
    AND id NOT IN (
      SELECT revision_id FROM attempts
      WHERE revision_id IS NOT NULL AND (status = 'running' OR created_at >= $1))
    """

  /// The store of a database that may be opened for reading only: no folder is made, and nothing can be pushed.
  public init(
    reading database: SQLDatabase,
    folder: String,
    now: @escaping @Sendable () -> Double
  ) throws {
    self.database = database
    layout = StoreLayout(folder: folder)
    self.now = now
    newName = { "" }
    try database.migrate(ProjectMigrations.all, room: "Projects")
  }

  /// Every revision of every project, also of those that were deleted, oldest first.
  ///
  /// `after` is the number of the last revision of the page before.
  public func allRevisions(after: Int64 = 0, limit: Int = 500) throws -> [Revision] {
    try database.read { connection in
      try connection.rows(
        Self.selectRevision + " WHERE r.id > $1 ORDER BY r.id LIMIT $2",
        [.int(after), .int(Int64(limit))]
      ).map(Self.revision)
    }
  }

  /// What nobody needs any more: pushed before a time, not the latest of its project, and without an attempt that is
  /// unfinished or was begun since.
  ///
  /// - Parameter time: Unix seconds.
  /// - Returns: those revisions, oldest first.
  /// - Throws: `StorageError`.
  public func outdated(before time: Double) throws -> [Revision] {
    try database.read { connection in
      try connection.rows(
        Self.selectRevision + " WHERE r.id IN (SELECT id FROM revisions WHERE \(Self.outdated))"
          + " ORDER BY r.id",
        [.double(time)]
      ).map(Self.revision)
    }
  }

  /// Forgets those revisions; their archives are then found by ``removeUnused(keeping:age:)``.
  ///
  /// Attempts that were run of them stay as history.
  @discardableResult
  public func forgetOutdated(before time: Double) throws -> Int {
    try database.write {
      try $0.execute("DELETE FROM revisions WHERE " + Self.outdated, [.double(time)])
    }
  }
}
