/// A group of runs that are compared with one another.
public struct Experiment: Sendable, Hashable {
  /// 0 is the experiment `Default`.
  public let id: Int64
  /// Unique.
  public let name: String
  public let createdAt: UnixTime
  /// When the experiment itself was last changed.
  public let updatedAt: UnixTime
}
