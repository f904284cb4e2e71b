public import Values
public import WorkflowLanguage

/// What an attempt needs from the outside: operators, templates, time, and ears for what happens.
public struct AttemptEnvironment: Sendable {
  public let identity: AttemptIdentity
  public let operators: [String: any Operator]
  public let templates: TemplateEngine
  /// `-p`, `-P` and what the schedule adds.
  public let sessionParameters: ObjectValue
  /// The built-in variables of a task, given its full name.
  public let builtIns: @Sendable (String) -> ObjectValue
  public let secrets: @Sendable (String) -> Secret?
  public let projectDirectory: String
  public let attemptDirectory: String
  /// Makes the folder in which one try of a task that may write files finds the project's; nil where all tasks share the
  /// project folder.
  public var workspace: (@Sendable () throws -> Workspace)?
  /// Hides secrets in what tasks leave behind: what they store, export and fail with.
  public var mask: (@Sendable (Value) -> Value)?
  /// Tasks that run at the same time.
  public let workers: Int
  /// Unix time in seconds.
  public let now: @Sendable () -> Double
  public let listener: AttemptListener
  /// Show each task with its parameters, run no operator.
  public let isRehearsal: Bool
  /// How often the claim is renewed, time limits are looked at and a kill from elsewhere is noticed.
  public let heartbeat: Duration
  /// Lets time go by; throws when it is cancelled.
  public let pause: @Sendable (Duration) async throws -> Void
  /// What tasks may reach; everything unless it is set.
  public var isolation = TaskIsolation.open

  public init(
    identity: AttemptIdentity,
    operators: [String: any Operator],
    templates: TemplateEngine,
    sessionParameters: ObjectValue,
    builtIns: @escaping @Sendable (String) -> ObjectValue,
    secrets: @escaping @Sendable (String) -> Secret?,
    projectDirectory: String,
    attemptDirectory: String,
    workers: Int,
    now: @escaping @Sendable () -> Double,
    listener: AttemptListener,
    isRehearsal: Bool = false,
    heartbeat: Duration = .seconds(1),
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.identity = identity
    self.operators = operators
    self.templates = templates
    self.sessionParameters = sessionParameters
    self.builtIns = builtIns
    self.secrets = secrets
    self.projectDirectory = projectDirectory
    self.attemptDirectory = attemptDirectory
    self.workers = workers
    self.now = now
    self.listener = listener
    self.isRehearsal = isRehearsal
    self.heartbeat = heartbeat
    self.pause = pause
  }
}

/// Ears for an attempt: called in order for state changes, from any thread for output.
public struct AttemptListener: Sendable {
  /// Tasks whose state is new and saved.
  public let changed: @Sendable ([TaskEntry]) -> Void
  /// Bytes that a task prints; the name is the task's.
  public let printed: @Sendable (String, [UInt8]) -> Void
  /// A line for people about a task.
  public let logged: @Sendable (String, LogLevel, String) -> Void

  public init(
    changed: @escaping @Sendable ([TaskEntry]) -> Void,
    printed: @escaping @Sendable (String, [UInt8]) -> Void,
    logged: @escaping @Sendable (String, LogLevel, String) -> Void
  ) {
    self.changed = changed
    self.printed = printed
    self.logged = logged
  }
}
