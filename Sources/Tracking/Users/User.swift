/// The number of a user in this store.
public struct UserID: Sendable, Hashable {
  public let number: Int64

  public init(_ number: Int64) { self.number = number }
}

/// Someone who owns runs and models.
public struct User: Sendable, Hashable {
  public let id: UserID
  /// Unique; the owner's part in `owner/name` of a model.
  public let name: String
  public let email: String?
}
