import Storage
import Values

extension RevisionStore {
  private static let revisionColumns = """
    r.id, r.project_id, p.name AS project_name, r.name, r.hash, r.size_in_bytes, r.workflows,
    r.created_at, r.account_id
    """

  static let selectRevision = """
    SELECT \(revisionColumns)
    FROM revisions r
    JOIN pushed_projects p ON p.project_id = r.project_id
    """

  /// Each project with its last revision: a project is made by its first push, so it has one.
  static let selectProject = """
    SELECT \(revisionColumns), p.created_at AS project_created_at, p.deleted_at
    FROM pushed_projects p
    JOIN revisions r ON r.id = (SELECT MAX(id) FROM revisions WHERE project_id = p.project_id)
    """

  static func revision(_ row: ObjectValue) throws -> Revision {
    guard let id = row["id"]?.int, let project = row["project_id"]?.int,
      let projectName = row["project_name"]?.string, let name = row["name"]?.string,
      let hash = row["hash"]?.string, let size = row["size_in_bytes"]?.int,
      let workflows = row["workflows"]?.string, let created = row["created_at"]?.double,
      case .array(let names) = try JSON.decode(workflows)
    else { throw ProjectError(.io, "a row of `revisions` cannot be read") }
    return Revision(
      id: id,
      project: project,
      projectName: projectName,
      name: name,
      hash: hash,
      sizeInBytes: size,
      workflows: names.compactMap(\.string),
      createdAt: created,
      account: row["account_id"]?.int
    )
  }

  static func project(_ row: ObjectValue) throws -> PushedProject {
    let latest = try revision(row)
    guard let created = row["project_created_at"]?.double else {
      throw ProjectError(.io, "a row of `pushed_projects` cannot be read")
    }
    return PushedProject(
      id: latest.project,
      name: latest.projectName,
      latest: latest,
      createdAt: created,
      deletedAt: row["deleted_at"]?.double
    )
  }
}
