public import Values

/// The name of a run for machines: 32 hexadecimal digits.
public struct RunID: Sendable, Hashable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }
}

/// How far a run is; the raw values are those of MLflow.
public enum RunStatus: String, Sendable, CaseIterable {
  case scheduled = "SCHEDULED"
  case running = "RUNNING"
  case finished = "FINISHED"
  case failed = "FAILED"
  case killed = "KILLED"

  /// True when the work is over.
  public var isFinal: Bool {
    switch self {
    case .scheduled, .running: false
    case .finished, .failed, .killed: true
    }
  }
}

/// Where a run comes from: which task of which attempt made it, from which code and data.
public struct RunLineage: Sendable, Hashable {
  public var project: String?
  public var workflow: String?
  public var sessionID: Int64?
  /// As the workflow writes it, with its offset.
  public var sessionTime: String?
  public var attemptID: Int64?
  /// The full name of the task, as `+wf+train`.
  public var task: String?
  /// Which state of the project's files ran.
  public var revision: String?
  /// `database.table`.
  public var inputTable: String?
  /// The path or address of the executed notebook.
  public var notebook: String?

  public init(
    project: String? = nil,
    workflow: String? = nil,
    sessionID: Int64? = nil,
    sessionTime: String? = nil,
    attemptID: Int64? = nil,
    task: String? = nil,
    revision: String? = nil,
    inputTable: String? = nil,
    notebook: String? = nil
  ) {
    self.project = project
    self.workflow = workflow
    self.sessionID = sessionID
    self.sessionTime = sessionTime
    self.attemptID = attemptID
    self.task = task
    self.revision = revision
    self.inputTable = inputTable
    self.notebook = notebook
  }
}

/// One piece of work that is tracked, such as the training of a model.
public struct Run: Sendable, Hashable {
  public let id: RunID
  public let experimentID: Int64
  public let experiment: String
  public let name: String
  public let user: User
  public let status: RunStatus
  public let startedAt: UnixTime
  public let endedAt: UnixTime?
  public let lineage: RunLineage
}

/// What is known of a run before it starts.
public struct NewRun: Sendable {
  /// The experiment's name; it is made when it does not exist.
  public var experiment: String
  public var name: String
  public var user: UserID
  public var lineage: RunLineage
  /// Kept as text: a string as it is, everything else as JSON.
  public var params: ObjectValue
  public var tags: ObjectValue

  public init(
    experiment: String,
    name: String,
    user: UserID,
    lineage: RunLineage = RunLineage(),
    params: ObjectValue = [:]
  ) {
    self.experiment = experiment
    self.name = name
    self.user = user
    self.lineage = lineage
    self.params = params
    self.tags = [:]
  }
}

/// Which runs to list; a nil lets every run pass.
public struct RunFilter: Sendable {
  public var experiment: String?
  public var user: UserID?
  public var status: RunStatus?
  public var attemptID: Int64?
  /// The most runs to give.
  public var limit = 100

  public init() {}
}
