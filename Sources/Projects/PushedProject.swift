/// A project of a server: a name under which revisions were pushed.
public struct PushedProject: Sendable, Hashable {
  public let id: Int64
  /// The name it has, or had when it was deleted.
  public let name: String
  /// What was pushed last.
  public let latest: Revision
  /// When it was pushed first, in Unix seconds.
  public let createdAt: Double
  /// When it was deleted, in Unix seconds; nil while it is there.
  public let deletedAt: Double?
}
