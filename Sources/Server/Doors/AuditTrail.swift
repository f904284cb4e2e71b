/// The record of who changed what; filled by the composition root.
public struct AuditTrail: Sendable {
  /// Something that was done, or that was tried and refused.
  public struct Event: Sendable, Hashable {
    /// nil for somebody unknown, and for the owner of a server without accounts.
    public var account: Int64?
    /// The name of who did it; of a failed login the name that was given.
    public var actor: String
    /// The number of the API token that was shown.
    public var token: Int64?
    /// Such as `attempt.start`.
    public var action: String
    public var project: Int64?
    /// The path that was asked for, or the number of what was made.
    public var object: String
    /// The status that was answered.
    public var status: Int
    public var address: String
    public var requestID: String

    public init(
      account: Int64?,
      actor: String,
      token: Int64?,
      action: String,
      project: Int64?,
      object: String,
      status: Int,
      address: String,
      requestID: String
    ) {
      self.account = account
      self.actor = actor
      self.token = token
      self.action = action
      self.project = project
      self.object = object
      self.status = status
      self.address = address
      self.requestID = requestID
    }
  }

  /// An event as it is kept.
  public struct Entry: Sendable, Hashable {
    public let id: Int64
    /// Unix seconds.
    public let time: Double
    public let event: Event

    public init(id: Int64, time: Double, event: Event) {
      self.id = id
      self.time = time
      self.event = event
    }
  }

  /// Which entries are wanted, newest first.
  public struct Filter: Sendable, Hashable {
    public var action: String?
    public var account: Int64?
    public var project: Int64?
    /// Only older ones than this.
    public var lastID: Int64?
    public var limit: Int

    public init(limit: Int) { self.limit = limit }
  }

  /// Whether the chain of entries is unbroken.
  public struct Verdict: Sendable, Hashable {
    public let count: Int64
    /// The first entry that is not as it was written; nil when all are.
    public let broken: Int64?

    public init(count: Int64, broken: Int64?) {
      self.count = count
      self.broken = broken
    }
  }

  public var append: @Sendable (Event) throws -> Void
  public var entries: @Sendable (Filter) throws -> [Entry]
  public var verify: @Sendable () throws -> Verdict

  public init(
    append: @escaping @Sendable (Event) throws -> Void,
    entries: @escaping @Sendable (Filter) throws -> [Entry],
    verify: @escaping @Sendable () throws -> Verdict
  ) {
    self.append = append
    self.entries = entries
    self.verify = verify
  }
}
