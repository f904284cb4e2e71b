import Access
import Projects
import Server
import Values
import WorkflowLanguage

/// Projects of a server as its routes use them.
struct ProjectRooms: Sendable {
  let store: RevisionStore
  let access: AccessRooms

  var control: ProjectControl {
    ProjectControl(
      list: { try store.projects().map(Self.shown) },
      project: { try store.project($0).flatMap { $0.deletedAt == nil ? Self.shown($0) : nil } },
      named: { try store.project(named: $0).map(Self.shown) },
      push: { try push($0) },
      delete: { project in
        try store.delete(project: project)
        try access.store.forgetProject(project)
        try access.vault.forgetProject(project)
      },
      revisions: { try store.revisions(of: $0, before: $1, limit: $2) },
      revision: { try store.revision($0) },
      revisionNamed: { try store.revision(of: $0, named: $1) },
      workflows: { try workflows(of: $0) },
      definitions: { try store.workflows(of: $0) },
      files: { try store.files(of: $0) },
      archive: { try store.archive(of: $0) },
      diff: { old, new in try store.diff(old, new).map(Self.shown) }
    )
  }

  private func push(_ push: ProjectControl.Push) throws -> ProjectControl.Entry {
    let revision = try store.push(
      project: push.project,
      revision: push.revision,
      archive: push.archive,
      account: push.principal.account
    )
    guard let project = try store.project(revision.project) else {
      throw ProjectError(.unknown, "project `\(push.project)` was deleted meanwhile")
    }
    return Self.shown(project)
  }

  /// In the order of the revision's names.
  private func workflows(of revision: Revision) throws -> [ProjectControl.Workflow] {
    let definitions = try store.workflows(of: revision)
    return revision.workflows.compactMap { name in
      definitions.first { $0.name == name }.map { definition in
        ProjectControl.Workflow(
          name: name,
          timezone: definition.timezone,
          config: definition.value.object ?? [:]
        )
      }
    }
  }

  private static func shown(_ project: PushedProject) -> ProjectControl.Entry {
    ProjectControl.Entry(
      id: project.id,
      name: project.name,
      createdAt: project.createdAt,
      latest: project.latest
    )
  }

  private static func shown(_ file: FileDifference) -> ProjectControl.FileChange {
    let kind: ProjectControl.FileChange.Kind =
      switch file.change {
      case .added: .added
      case .removed: .removed
      case .changed: .changed
      }
    let text: String? = if case .text(let lines) = file.content { lines } else { nil }
    return ProjectControl.FileChange(path: file.path, kind: kind, diff: text)
  }
}
