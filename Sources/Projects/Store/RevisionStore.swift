public import Storage
import Values

/// The projects of a server as they were pushed: rows in the database, archives and their files in a folder.
///
/// Several processes may share both. An archive is kept once however many revisions have it.
public struct RevisionStore: Sendable {
  let database: SQLDatabase
  let layout: StoreLayout
  let now: @Sendable () -> Double
  let newName: @Sendable () -> String
  let cache = WorkflowCache(capacity: 32)

  /// Brings the tables up to date; those of the engine's `AttemptStore` must be there.
  ///
  /// - Parameters:
  ///   - database: with the table `projects`.
  ///   - folder: the data folder; `archives/` and `revisions/` are made in it.
  ///   - now: Unix seconds.
  ///   - newName: a name for a revision that was pushed without one, different each time.
  /// - Throws: `StorageError`, or ``ProjectError`` `io`.
  public init(
    database: SQLDatabase,
    folder: String,
    now: @escaping @Sendable () -> Double,
    newName: @escaping @Sendable () -> String
  ) throws {
    self.database = database
    self.layout = StoreLayout(folder: folder)
    self.now = now
    self.newName = newName
    try database.migrate(ProjectMigrations.all, room: "Projects")
    try FolderTree.make(layout.archives)
    try FolderTree.make(layout.revisions)
  }

  // MARK: Reading

  /// The projects that were not deleted, in the order of their names.
  public func projects() throws -> [PushedProject] {
    try database.read { connection in
      try connection.rows(
        Self.selectProject + " WHERE p.deleted_at IS NULL ORDER BY p.name, p.project_id"
      ).map(Self.project)
    }
  }

  /// The project of a name that was not deleted; nil when there is none.
  public func project(named name: String) throws -> PushedProject? {
    try database.read { connection in
      try connection.row(
        Self.selectProject + " WHERE p.name = $1 AND p.deleted_at IS NULL",
        [.string(name)]
      ).map(Self.project)
    }
  }

  /// The project of a number, also when it was deleted; nil when there is none.
  public func project(_ id: Int64) throws -> PushedProject? {
    try database.read { connection in
      try connection.row(Self.selectProject + " WHERE p.project_id = $1", [.int(id)])
        .map(Self.project)
    }
  }

  /// Revisions of a project, newest first.
  ///
  /// `before` is the number of the last revision of the page before; nil for the first page.
  public func revisions(
    of project: Int64,
    before: Int64? = nil,
    limit: Int = 100
  ) throws -> [Revision] {
    try database.read { connection in
      try connection.rows(
        Self.selectRevision + " WHERE r.project_id = $1 AND r.id < $2 ORDER BY r.id DESC LIMIT $3",
        [.int(project), .int(before ?? .max), .int(Int64(max(0, limit)))]
      ).map(Self.revision)
    }
  }

  /// What was pushed last to a project; nil when there is no such project.
  public func latest(of project: Int64) throws -> Revision? {
    try revisions(of: project, limit: 1).first
  }

  /// The revision of a number, also of a deleted project; nil when there is none.
  public func revision(_ id: Int64) throws -> Revision? {
    try database.read { connection in
      try connection.row(Self.selectRevision + " WHERE r.id = $1", [.int(id)]).map(Self.revision)
    }
  }

  /// The revision of a name; nil when the project has none.
  public func revision(of project: Int64, named name: String) throws -> Revision? {
    try database.read { try Self.revision(of: project, named: name, $0) }
  }

  static func revision(
    of project: Int64,
    named name: String,
    _ connection: SQLConnection
  ) throws -> Revision? {
    try connection.row(
      selectRevision + " WHERE r.project_id = $1 AND r.name = $2",
      [.int(project), .string(name)]
    ).map(revision)
  }

  // MARK: Deleting

  /// Deletes a project: its name is free, its revisions and what ran of them stay as history.
  ///
  /// - Throws: ``ProjectError`` `unknown` when there is no such project, or it was deleted before.
  public func delete(project: Int64) throws {
    try database.write { connection in
      let changed = try connection.execute(
        "UPDATE pushed_projects SET deleted_at = $2 WHERE project_id = $1 AND deleted_at IS NULL",
        [.int(project), .double(now())]
      )
      guard changed == 1 else {
        throw ProjectError(.unknown, "there is no project with the number \(project)")
      }
      try connection.execute(
        "UPDATE projects SET name = name || '#deleted-' || id WHERE id = $1",
        [.int(project)]
      )
    }
  }
}
