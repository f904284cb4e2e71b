public import Values
public import WorkflowLanguage

/// A task's number in its attempt: 1 for the root, then in depth-first file order, then in order of generation.
public typealias TaskID = Int

/// A task of an attempt: its definition, its place in the tree and how it stands.
public struct TaskEntry: Sendable {
  /// What a task stands for in the life of its parent.
  public enum Role: String, Sendable, Hashable {
    /// Written in the file.
    case written
    /// `^sub`, and everything below it.
    case generated
    /// `^check`.
    case check
    /// `^error` and `^failure-alert`: their outcome does not change that of the parent.
    case reaction
    /// `^sla` and `^sla^fail`: they belong to the attempt, not to a round of the root.
    case serviceLevel
  }

  public let id: TaskID
  public let parent: TaskID?
  public let role: Role
  /// `+wf+group+task`.
  public let fullName: String
  /// Without its children: those are entries.
  public var node: TaskNode
  public var upstreams: [TaskID]

  public internal(set) var state: TaskState = .blocked
  /// What the task left for those that follow, and the paths it dropped before.
  public internal(set) var store: ObjectValue = [:]
  public internal(set) var reset: [[String]] = []
  /// What it exported at run time to the tasks below it.
  public internal(set) var exported: ObjectValue = [:]
  public internal(set) var error: TaskError?
  public internal(set) var retryCount = 0
  /// What a polling operator wants to see again.
  public internal(set) var pollState: ObjectValue = [:]
  /// Unix time in seconds.
  public internal(set) var startedAt: Double?
  public internal(set) var finishedAt: Double?
  /// Taken over from an earlier attempt of the session.
  public internal(set) var isResumed = false
  /// When its pause is over, in Unix seconds; nil when it does not wait.
  public internal(set) var dueAt: Double?
  /// Never starts: it does not lead to the task that was asked for.
  public internal(set) var isHeld = false

  /// Follows from the workflow's definition alone.
  var isInLayout = false
  /// How many tasks stand above.
  let depth: Int
  var children: [TaskID] = []
  var downstreams: [TaskID] = []
  /// Upstream tasks that have not succeeded yet.
  var waitingFor = 0
  /// Children that are under way.
  var activeChildren = 0
  /// Replaced by a copy in a later round of a group retry.
  var isSuperseded = false
  /// The end state that waits for `^error` tasks.
  var delayedEnd: TaskState?
  /// `_retry`, once evaluated.
  var retry: RetryPolicy?
  /// This task and those below it that stored something, in order of ids.
  var storing: [TaskID] = []
  /// Since when it has been running or waiting to be tried again, in seconds of ``AttemptStateMachine/uptime``.
  var busySince: Double?

  init(id: TaskID, under parent: TaskEntry?, role: Role, node: TaskNode) {
    self.id = id
    self.parent = parent?.id
    depth = (parent?.depth ?? -1) + 1
    fullName = (parent?.fullName ?? "") + node.name
    self.role = role
    self.node = node
    upstreams = []
  }

  public var isGroup: Bool { node.kind == .group }
  public var operatorType: String? {
    if case .operation(let type) = node.kind { type } else { nil }
  }
}
