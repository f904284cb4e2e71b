import Projects
import WorkflowLanguage

/// Where the server's attempts get their projects from.
struct ProjectSource: Sendable {
  /// The numbers of all projects that have a revision.
  let projects: @Sendable () throws -> [Int64]
  /// The number of a project; nil for an unknown name.
  let project: @Sendable (_ name: String) throws -> Int64?
  /// The newest revision of a project; nil when there is no such project, or nothing in it.
  let latest: @Sendable (_ project: Int64) throws -> Revision?
  /// nil when there is none of the number.
  let revision: @Sendable (_ id: Int64) throws -> Revision?
  /// The folder with the files of a revision, absolute; nothing is written to it.
  let files: @Sendable (_ revision: Int64) throws -> String
  let workflows: @Sendable (_ revision: Int64) throws -> [WorkflowDefinition]
}
