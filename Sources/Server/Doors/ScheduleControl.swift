public import Access
public import Values

/// What the server asks of whoever runs schedules; filled by the composition root.
public struct ScheduleControl: Sendable {
  /// A scheduled workflow of the latest revision of a project.
  public struct Entry: Sendable, Hashable {
    public let id: Int64
    public let project: Int64
    public let projectName: String
    public let workflow: String
    public let timezone: String
    /// As written.
    public let schedule: ObjectValue
    /// Unix seconds; nil when the schedule is over.
    public let nextSessionTime: Int64?
    public let nextRunTime: Int64?
    public let lastSessionTime: Int64?
    /// Unix seconds; nil while it is enabled.
    public let disabledAt: Double?
    /// The last firing that was left out and why, in words; nil for none.
    public let lastSkip: String?

    public init(
      id: Int64,
      project: Int64,
      projectName: String,
      workflow: String,
      timezone: String,
      schedule: ObjectValue,
      nextSessionTime: Int64?,
      nextRunTime: Int64?,
      lastSessionTime: Int64?,
      disabledAt: Double?,
      lastSkip: String?
    ) {
      self.id = id
      self.project = project
      self.projectName = projectName
      self.workflow = workflow
      self.timezone = timezone
      self.schedule = schedule
      self.nextSessionTime = nextSessionTime
      self.nextRunTime = nextRunTime
      self.lastSessionTime = lastSessionTime
      self.disabledAt = disabledAt
      self.lastSkip = lastSkip
    }
  }

  /// How far a schedule is moved.
  public enum Skip: Sendable, Hashable {
    /// So many sessions.
    case count(Int)
    /// To the first session at or after a time in Unix seconds.
    case to(Int64)
  }

  /// Sessions of the past that are to run.
  public struct Backfill: Sendable {
    public var schedule: Int64
    /// Unix seconds.
    public var from: Int64
    public var count: Int?
    public var name: String?
    public var isDryRun = false
    public var principal: Principal

    public init(schedule: Int64, from: Int64, principal: Principal) {
      self.schedule = schedule
      self.from = from
      self.principal = principal
    }
  }

  /// One session of a backfill.
  public struct Backfilled: Sendable, Hashable {
    public let sessionTime: Int64
    /// nil in a dry run, and while an earlier session of the backfill runs.
    public let attempt: Int64?

    public init(sessionTime: Int64, attempt: Int64?) {
      self.sessionTime = sessionTime
      self.attempt = attempt
    }
  }

  /// All schedules, or those of one project, in order of numbers.
  public var list: @Sendable (_ project: Int64?) throws -> [Entry]
  /// Session and run times that follow, in Unix seconds.
  public var upcoming:
    @Sendable (_ schedule: Int64, _ count: Int) throws -> [(session: Int64, run: Int64)]
  public var skip: @Sendable (_ schedule: Int64, Skip, _ isDryRun: Bool) throws -> Entry
  public var backfill: @Sendable (Backfill) async throws -> [Backfilled]
  public var setEnabled: @Sendable (_ schedule: Int64, Bool) throws -> Entry
  /// A project has another revision now: its schedules are brought up to date.
  ///
  /// `from` (Unix seconds) is when schedules that
  /// are new begin; nil for now.
  public var revisionPushed: @Sendable (_ project: Int64, _ from: Int64?) throws -> Void

  public init(
    list: @escaping @Sendable (Int64?) throws -> [Entry],
    upcoming: @escaping @Sendable (Int64, Int) throws -> [(session: Int64, run: Int64)],
    skip: @escaping @Sendable (Int64, Skip, Bool) throws -> Entry,
    backfill: @escaping @Sendable (Backfill) async throws -> [Backfilled],
    setEnabled: @escaping @Sendable (Int64, Bool) throws -> Entry,
    revisionPushed: @escaping @Sendable (Int64, Int64?) throws -> Void
  ) {
    self.list = list
    self.upcoming = upcoming
    self.skip = skip
    self.backfill = backfill
    self.setEnabled = setEnabled
    self.revisionPushed = revisionPushed
  }
}
