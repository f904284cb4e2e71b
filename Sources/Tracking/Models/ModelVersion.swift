public import Values

/// One trained state of a registered model.
public struct ModelVersion: Sendable, Hashable {
  /// The number in this store.
  public let id: Int64
  public let owner: User
  public let name: String
  /// From 1; every training under the same name counts one up.
  public let version: Int64
  /// The run that trained it.
  public let run: RunID?
  /// How to load it, as its maker described it: versions of Python and libraries, label, metric.
  public let flavor: ObjectValue
  public let description: String
  /// Whoever has it may predict with this version; nil while it is not shared.
  public let sharedID: String?
  public let createdAt: UnixTime
  /// Where its files are in the artifact store.
  public let place: String

  /// `owner/name`.
  public var qualifiedName: String { "\(owner.name)/\(name)" }
}

/// A model to register.
public struct NewModelVersion: Sendable {
  public var owner: UserID
  public var name: String
  public var run: RunID?
  public var flavor: ObjectValue
  public var description: String
  /// True for `share_model: true`.
  public var isShared: Bool

  public init(
    owner: UserID,
    name: String,
    run: RunID?,
    flavor: ObjectValue = [:],
    isShared: Bool = false
  ) {
    self.owner = owner
    self.name = name
    self.run = run
    self.flavor = flavor
    self.description = ""
    self.isShared = isShared
  }
}

/// How a workflow names a model.
public enum ModelReference: Sendable, Hashable {
  /// The latest version of the user's own model, as in `model_name: m`.
  case name(String)
  /// The latest version of a model by its full name, as in `model_name: owner/m`.
  case qualifiedName(owner: String, name: String)
  /// A shared version, as in `shared_model: <uuid>`.
  case shared(String)

  /// Reads `model_name`: a `/` parts the owner from the name.
  public init(modelName: String) {
    let parts = modelName.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      self = .qualifiedName(owner: String(parts[0]), name: String(parts[1]))
    } else {
      self = .name(modelName)
    }
  }
}
