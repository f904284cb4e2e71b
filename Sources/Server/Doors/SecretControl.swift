public import Values

/// The secrets of projects, whose values go in and never come out; filled by the composition root.
public struct SecretControl: Sendable {
  /// In alphabetical order.
  public var keys: @Sendable (_ project: Int64) throws -> [String]
  public var set: @Sendable (_ project: Int64, _ key: String, Secret) throws -> Void
  /// False when there was none of that name.
  public var delete: @Sendable (_ project: Int64, _ key: String) throws -> Bool

  public init(
    keys: @escaping @Sendable (Int64) throws -> [String],
    set: @escaping @Sendable (Int64, String, Secret) throws -> Void,
    delete: @escaping @Sendable (Int64, String) throws -> Bool
  ) {
    self.keys = keys
    self.set = set
    self.delete = delete
  }
}
