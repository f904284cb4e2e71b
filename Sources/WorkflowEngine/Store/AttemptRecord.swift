public import Values
public import WorkflowLanguage

/// An attempt as it stands in the tables.
public struct AttemptRecord: Sendable, Hashable {
  public let id: Int64
  public let session: Int64
  /// The retry name; empty for the first attempt of a session.
  public let name: String
  public let status: AttemptStatus
  /// `-p`, `-P` and what the schedule added.
  public let parameters: ObjectValue
  public let timezone: String
  /// The hash of its definition; nil for attempts of versions that did not keep it.
  public let definition: String?
  public let taskLimit: Int
  public let resumedFrom: ResumeRule?
  /// Rises each time a runner takes the attempt.
  public let fence: Int64
  /// Who runs it, or ran it last.
  public let owner: String?
  /// Until when the owner may be trusted to run it, in Unix seconds.
  public let leaseUntil: Double?
  /// Unix seconds, as the other times.
  public let killRequestedAt: Double?
  public let createdAt: Double
  public let finishedAt: Double?
  /// Why it ended as it did, where no task says it.
  public let message: String?
  /// The revision whose files it runs with; nil for an attempt in a project folder.
  public let revision: Int64?
  /// The account it runs for; nil where there are none.
  public let account: Int64?
  /// When it was due, in Unix seconds; nil when it was asked for.
  public let runTime: Int64?

  init(row: ObjectValue) throws {
    guard let id = row["id"]?.int, let session = row["session_id"]?.int,
      let status = row["status"]?.string.flatMap(AttemptStatus.init)
    else { throw EngineError(.unreadable, "a saved attempt has no number, session or status") }
    self.id = id
    self.session = session
    self.status = status
    name = row["name"]?.string ?? ""
    parameters = try row.members("params")
    timezone = row["timezone"]?.string ?? "UTC"
    definition = row["definition"]?.string
    taskLimit = Int(row["task_limit"]?.int ?? 1000)
    resumedFrom = try row["resumed_from"]?.string.flatMap { ResumeRule(try JSON.decode($0)) }
    fence = row["fence"]?.int ?? 0
    owner = row["owner"]?.string
    leaseUntil = row["lease_until"]?.double
    killRequestedAt = row["kill_requested_at"]?.double
    createdAt = row["created_at"]?.double ?? 0
    finishedAt = row["finished_at"]?.double
    message = row["message"]?.string
    revision = row["revision_id"]?.int
    account = row["account_id"]?.int
    runTime = row["run_time"]?.int
  }
}

/// An attempt that is to begin.
public struct NewAttempt: Sendable {
  public let session: Int64
  public let definition: WorkflowDefinition
  public var parameters: ObjectValue
  /// The zone of the session's times.
  public var timezone: String
  /// The retry name; unique in its session unless it is empty.
  public var name: String
  /// What it takes over; the state machine has taken it over already.
  public var resumedFrom: ResumeRule?
  /// The revision whose files it runs with; nil for an attempt in a project folder.
  public var revision: Int64?
  /// The account it runs for; nil where there are none.
  public var account: Int64?
  /// When it was due, in Unix seconds; nil when it was asked for.
  public var runTime: Int64?

  public init(
    session: Int64,
    definition: WorkflowDefinition,
    parameters: ObjectValue = [:],
    name: String = "",
    resumedFrom: ResumeRule? = nil
  ) {
    self.session = session
    self.definition = definition
    self.parameters = parameters
    timezone = definition.timezone
    self.name = name
    self.resumedFrom = resumedFrom
  }
}
