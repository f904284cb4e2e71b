public import Access
public import Values

/// What the server asks of whoever runs attempts; filled by the composition root.
///
/// Reading is done from the store. Errors are `ServerError`s, or errors of the rooms below.
public struct AttemptControl: Sendable {
  /// An attempt that is asked for.
  public struct Start: Sendable {
    public var project: Int64
    public var workflow: String
    /// nil for the latest.
    public var revision: Int64?
    /// Unix seconds; nil makes a session for now that nobody had before.
    public var sessionTime: Int64?
    /// Unique in the session; empty for its first attempt.
    public var retryName: String
    public var parameters: ObjectValue
    public var resume: Resume?
    public var principal: Principal

    public init(project: Int64, workflow: String, principal: Principal) {
      self.project = project
      self.workflow = workflow
      self.principal = principal
      retryName = ""
      parameters = [:]
    }
  }

  /// What a new attempt takes over.
  public enum Resume: Sendable, Hashable {
    /// Everything that succeeded in an attempt.
    case failed(of: Int64)
    /// What comes before a task, given by the end of its full name.
    case from(String, of: Int64)
  }

  /// Another attempt of the session of an attempt.
  public struct Retry: Sendable {
    /// What runs again.
    public enum Scope: Sendable, Hashable {
      case all
      case failed
      case from(String)
    }

    /// Which files it runs with.
    public enum RevisionChoice: Sendable, Hashable {
      case latest
      case same
      case number(Int64)
    }

    public var attempt: Int64
    public var scope = Scope.failed
    public var revision = RevisionChoice.latest
    /// nil for a name that is free.
    public var name: String?
    /// Added to those of the attempt.
    public var parameters: ObjectValue = [:]
    public var principal: Principal

    public init(attempt: Int64, principal: Principal) {
      self.attempt = attempt
      self.principal = principal
    }
  }

  /// What came of a start.
  public enum Started: Sendable, Hashable {
    case begun(Int64)
    /// The session has an attempt of that name already.
    case exists(Int64)
  }

  public var start: @Sendable (Start) async throws -> Started
  /// Gives the number of the new attempt.
  public var retry: @Sendable (Retry) async throws -> Int64
  /// False when the attempt had ended already.
  public var kill: @Sendable (Int64) async throws -> Bool

  public init(
    start: @escaping @Sendable (Start) async throws -> Started,
    retry: @escaping @Sendable (Retry) async throws -> Int64,
    kill: @escaping @Sendable (Int64) async throws -> Bool
  ) {
    self.start = start
    self.retry = retry
    self.kill = kill
  }
}
