public import Access
public import Projects
public import Values
public import WorkflowLanguage

/// What the server asks about projects and their revisions; filled by the composition root.
public struct ProjectControl: Sendable {
  /// A project and what was pushed last.
  public struct Entry: Sendable, Hashable {
    public let id: Int64
    public let name: String
    /// Unix seconds.
    public let createdAt: Double
    public let latest: Revision

    public init(id: Int64, name: String, createdAt: Double, latest: Revision) {
      self.id = id
      self.name = name
      self.createdAt = createdAt
      self.latest = latest
    }
  }

  /// An archive that came in.
  public struct Push: Sendable {
    public let project: String
    /// The name of the revision; nil for one that is made up.
    public let revision: String?
    /// A gzip tar file, which is removed when the call is over.
    public let archive: String
    public let principal: Principal

    public init(project: String, revision: String?, archive: String, principal: Principal) {
      self.project = project
      self.revision = revision
      self.archive = archive
      self.principal = principal
    }
  }

  /// A workflow of a revision as it was written.
  public struct Workflow: Sendable, Hashable {
    public let name: String
    public let timezone: String
    public let config: ObjectValue

    public init(name: String, timezone: String, config: ObjectValue) {
      self.name = name
      self.timezone = timezone
      self.config = config
    }
  }

  /// What became of one file between two revisions.
  public struct FileChange: Sendable, Hashable {
    /// What became of it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case added
      case removed
      case changed
    }

    public let path: String
    public let kind: Kind
    /// A unified diff; nil for a file that is no text, or too large.
    public let diff: String?

    public init(path: String, kind: Kind, diff: String?) {
      self.path = path
      self.kind = kind
      self.diff = diff
    }
  }

  /// In order of names.
  public var list: @Sendable () throws -> [Entry]
  /// nil for one that is not there or was deleted.
  public var project: @Sendable (_ id: Int64) throws -> Entry?
  public var named: @Sendable (_ name: String) throws -> Entry?
  public var push: @Sendable (Push) async throws -> Entry
  public var delete: @Sendable (_ project: Int64) async throws -> Void
  /// Newest first, those older than a number.
  public var revisions:
    @Sendable (_ project: Int64, _ lastID: Int64?, _ limit: Int) throws -> [Revision]
  public var revision: @Sendable (_ id: Int64) throws -> Revision?
  public var revisionNamed: @Sendable (_ project: Int64, _ name: String) throws -> Revision?
  /// The workflows of a revision, in the order of ``Revision/workflows``.
  public var workflows: @Sendable (Revision) throws -> [Workflow]
  /// The same as they were read, for showing their tasks.
  public var definitions: @Sendable (Revision) throws -> [WorkflowDefinition]
  /// The folder of its files, which nobody changes.
  public var files: @Sendable (Revision) throws -> String
  /// The path of the archive.
  public var archive: @Sendable (Revision) throws -> String
  public var diff: @Sendable (_ from: Revision, _ to: Revision) async throws -> [FileChange]

  public init(
    list: @escaping @Sendable () throws -> [Entry],
    project: @escaping @Sendable (Int64) throws -> Entry?,
    named: @escaping @Sendable (String) throws -> Entry?,
    push: @escaping @Sendable (Push) async throws -> Entry,
    delete: @escaping @Sendable (Int64) async throws -> Void,
    revisions: @escaping @Sendable (Int64, Int64?, Int) throws -> [Revision],
    revision: @escaping @Sendable (Int64) throws -> Revision?,
    revisionNamed: @escaping @Sendable (Int64, String) throws -> Revision?,
    workflows: @escaping @Sendable (Revision) throws -> [Workflow],
    definitions: @escaping @Sendable (Revision) throws -> [WorkflowDefinition],
    files: @escaping @Sendable (Revision) throws -> String,
    archive: @escaping @Sendable (Revision) throws -> String,
    diff: @escaping @Sendable (Revision, Revision) async throws -> [FileChange]
  ) {
    self.list = list
    self.project = project
    self.named = named
    self.push = push
    self.delete = delete
    self.revisions = revisions
    self.revision = revision
    self.revisionNamed = revisionNamed
    self.workflows = workflows
    self.definitions = definitions
    self.files = files
    self.archive = archive
    self.diff = diff
  }
}
