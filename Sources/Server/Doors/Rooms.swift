public import WorkflowEngine

/// Everything the routes use; filled by the composition root.
public struct Rooms: Sendable {
  public var history: AttemptHistory
  public var attempts: AttemptControl
  public var schedules: ScheduleControl
  public var projects: ProjectControl
  public var secrets: SecretControl
  public var accounts: AccountControl
  public var gate: Gatekeeper
  public var audit: AuditTrail
  public var inputs: Inputs

  /// What differs from call to call, handed in so that tests own it.
  public struct Inputs: Sendable {
    /// Unix seconds.
    public var now: @Sendable () -> Double
    /// A text that nobody had before, of letters, digits and `-`.
    public var newID: @Sendable () -> String
    /// The version of the program.
    public var version: String
    /// The folder of an attempt: `attempt.log` and its files.
    public var attemptFolder: @Sendable (_ attempt: Int64) -> String
    /// Where archives are kept while they come in.
    public var incomingFolder: String

    public init(
      version: String,
      incomingFolder: String,
      attemptFolder: @escaping @Sendable (Int64) -> String,
      now: @escaping @Sendable () -> Double,
      newID: @escaping @Sendable () -> String
    ) {
      self.version = version
      self.incomingFolder = incomingFolder
      self.attemptFolder = attemptFolder
      self.now = now
      self.newID = newID
    }
  }

  /// The rooms that hold what is read and changed; the rest is set behind.
  public init(
    history: AttemptHistory,
    control: (attempts: AttemptControl, schedules: ScheduleControl),
    projects: (store: ProjectControl, secrets: SecretControl),
    access: (gate: Gatekeeper, accounts: AccountControl, audit: AuditTrail),
    inputs: Inputs
  ) {
    self.history = history
    (attempts, schedules) = control
    (self.projects, secrets) = projects
    (gate, accounts, audit) = access
    self.inputs = inputs
  }
}
