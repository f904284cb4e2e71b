/// A project as it was pushed once: its files and the workflows in them.
public struct Revision: Sendable, Hashable {
  public let id: Int64
  public let project: Int64
  public let projectName: String
  /// Given by who pushed it, unique in the project.
  public let name: String
  /// SHA-256 of the archive, in hexadecimal digits.
  public let hash: String
  public let sizeInBytes: Int64
  /// The names of its workflows, in order.
  public let workflows: [String]
  /// Unix seconds.
  public let createdAt: Double
  /// The account that pushed it; nil for the owner of a server without accounts.
  public let account: Int64?

  public init(
    id: Int64,
    project: Int64,
    projectName: String,
    name: String,
    hash: String,
    sizeInBytes: Int64,
    workflows: [String],
    createdAt: Double,
    account: Int64?
  ) {
    self.id = id
    self.project = project
    self.projectName = projectName
    self.name = name
    self.hash = hash
    self.sizeInBytes = sizeInBytes
    self.workflows = workflows
    self.createdAt = createdAt
    self.account = account
  }
}
