import Foundation
import Storage
import Values
import WorkflowLanguage

extension RevisionStore {
  /// Takes an archive in as a revision of a project, which is made when it is new.
  ///
  /// The same bytes under the same name again are answered with the revision that is there.
  /// - Parameters:
  ///   - project: its name.
  ///   - revision: nil for a new name.
  ///   - archive: a gzip tar, kept as it is, or a tar or zip, kept as a gzip tar; the file itself is left alone.
  ///   - account: who pushes; nil for the owner of a server without accounts.
  /// - Returns: the revision, made now or before.
  /// - Throws: ``ProjectError`` `invalidName`, `badArchive`, `refused` with all diagnostics, `conflict` when the
  ///   name is taken by other bytes, or `io`. Nothing is kept then.
  public func push(
    project: String,
    revision: String? = nil,
    archive: String,
    account: Int64? = nil
  ) throws -> Revision {
    try ProjectName.check(project: project)
    let name = revision ?? newName()
    try ProjectName.check(revision: name)
    let arrival = try Arrival(archive, layout)
    defer { arrival.discard() }
    let workflows = try check(arrival)
    return try database.write { connection in
      let id = try projectNumber(project, connection)
      let former = try Self.revision(of: id, named: name, connection)
      if let former, former.hash != arrival.hash {
        throw ProjectError(
          .conflict,
          "the project \(project.quotedName) has a revision \(name.quotedName) with other files",
          hint: "push under another name"
        )
      }
      // Within the transaction, so that nobody can find the archive unused before the row names it.
      try arrival.keep()
      if let former { return former }
      return try insert(name, of: id, arrival, workflows.map(\.name), account, connection)
    }
  }

  private func insert(
    _ name: String,
    of project: Int64,
    _ arrival: Arrival,
    _ workflows: [String],
    _ account: Int64?,
    _ connection: SQLConnection
  ) throws -> Revision {
    try connection.execute(
      """
      INSERT INTO revisions (
        project_id, name, hash, size_in_bytes, workflows, created_at, account_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      [
        .int(project), .string(name), .string(arrival.hash), .int(arrival.sizeInBytes),
        .array(workflows.map { .string($0) }), .double(now()), account.map { .int($0) } ?? .null,
      ]
    )
    guard let made = try Self.revision(of: project, named: name, connection) else {
      throw ProjectError(.io, "the revision was not kept")
    }
    return made
  }

  private func check(_ arrival: Arrival) throws -> [WorkflowDefinition] {
    let loaded = ProjectLoader.load(directory: arrival.files)
    guard !loaded.isRefused else {
      let problems = loaded.diagnostics.map { diagnostic in
        // Where the files lie for the moment is of no use to anybody.
        Diagnostic(
          diagnostic.severity,
          diagnostic.message.replacing(arrival.files, with: "the archive"),
          at: diagnostic.location,
          hint: diagnostic.hint
        )
      }
      throw ProjectError(
        .refused,
        "the project is refused: \(loaded.errors.count) of its workflows' lines have mistakes",
        diagnostics: problems
      )
    }
    return loaded.workflows
  }

  private func projectNumber(_ name: String, _ connection: SQLConnection) throws -> Int64 {
    let known = try connection.row(
      "SELECT project_id FROM pushed_projects WHERE name = $1 AND deleted_at IS NULL",
      [.string(name)]
    )
    if let id = known?["project_id"]?.int { return id }
    // The engine may have made the row for a run before the first push.
    try connection.execute(
      "INSERT INTO projects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
      [.string(name)]
    )
    let row = try connection.row("SELECT id FROM projects WHERE name = $1", [.string(name)])
    guard let id = row?["id"]?.int else { throw ProjectError(.io, "the project was not kept") }
    try connection.execute(
      "INSERT INTO pushed_projects (project_id, name, created_at) VALUES ($1, $2, $3)",
      [.int(id), .string(name), .double(now())]
    )
    return id
  }
}
