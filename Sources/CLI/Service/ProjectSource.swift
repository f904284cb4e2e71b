import Projects
import WorkflowLanguage

/// Where the server's attempts get their projects from.
struct ProjectSource: Sendable {
  /// The numbers of all projects that were not deleted.
  let projects: @Sendable () throws -> [Int64]
  /// The number of a project that was not deleted; nil for an unknown name.
  let project: @Sendable (_ name: String) throws -> Int64?
  /// The newest revision of a project; nil when there is no such project, or it was deleted.
  let latest: @Sendable (_ project: Int64) throws -> Revision?
  /// The revision of a number, also of a deleted project; nil when there is none.
  let revision: @Sendable (_ id: Int64) throws -> Revision?
  /// The folder with the files of a revision, absolute; nothing is written to it.
  let files: @Sendable (Revision) throws -> String
  let workflows: @Sendable (Revision) throws -> [WorkflowDefinition]
}
