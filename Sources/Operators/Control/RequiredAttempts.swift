public import Values
public import WorkflowEngine

/// How `require>` reaches attempts of other workflows: a run on this machine and a server do it differently.
public struct RequiredAttempts: Sendable {
  /// The attempt that is wanted.
  public struct Request: Sendable {
    /// The project of the wanted workflow.
    public enum Project: Sendable, Hashable {
      /// That of the task itself.
      case own
      case number(Int64)
      case named(String)
    }

    public let workflow: String
    public let project: Project
    /// Unix seconds.
    public let sessionTime: Int64
    /// The session parameters of a new attempt.
    public let parameters: ObjectValue
    /// Who asks.
    public let asker: AttemptIdentity
  }

  /// How the attempt stands.
  public struct Standing: Sendable {
    /// Finds it again; kept while the task waits.
    public let reference: ObjectValue
    /// For people, as `attempt 7`.
    public let name: String
    public let status: AttemptStatus

    public init(reference: ObjectValue, name: String, status: AttemptStatus) {
      self.reference = reference
      self.name = name
      self.status = status
    }
  }

  let find: @Sendable (Request) async throws -> Standing?
  let start: @Sendable (Request, _ isRepeat: Bool) async throws -> Standing
  let standing: @Sendable (_ reference: ObjectValue, AttemptIdentity) async throws -> Standing

  /// All throw ``TaskFailure``: for a project or workflow that is not there, and for attempts that wait for each other.
  ///
  /// - Parameters:
  ///   - find: the last attempt of the session; nil when it has none.
  ///   - start: begins an attempt that ends with the one that asks; with `isRepeat` although the session has one that ended.
  ///   - standing: how a found or started attempt stands now, for the attempt that asks.
  public init(
    find: @escaping @Sendable (Request) async throws -> Standing?,
    start: @escaping @Sendable (Request, _ isRepeat: Bool) async throws -> Standing,
    standing: @escaping @Sendable (ObjectValue, AttemptIdentity) async throws -> Standing
  ) {
    self.find = find
    self.start = start
    self.standing = standing
  }
}
