import Values
import WorkflowLanguage

@testable import WorkflowEngine

/// Drives the state machine by hand: each operator's tries end as scripted, pauses are over at once.
struct ScriptedAttempt {
  /// How one try ends; tries beyond the script succeed.
  enum Ending {
    case success(TaskResult = TaskResult())
    case failure(String, retry: RetryPolicy? = nil)
    case retried(TaskResult, RetryPolicy)
    case poll
    case kill
  }

  private(set) var machine: AttemptStateMachine
  /// The tries in the order in which they began.
  private(set) var tries: [String] = []
  private(set) var pauses: [Duration] = []
  private(set) var status: AttemptStatus?
  private(set) var warnings: [String] = []
  private var script: [String: [Ending]]
  private let checks: [String: TaskNode]
  private var time = 0.0

  init(
    _ root: TaskNode,
    _ script: [String: [Ending]] = [:],
    checks: [String: TaskNode] = [:],
    finishedBefore: [FinishedTask] = [],
    taskLimit: Int = 1000
  ) throws {
    machine = try AttemptStateMachine(root: root, limits: AttemptLimits(tasks: taskLimit))
    self.script = script
    self.checks = checks
    if !finishedBefore.isEmpty { _ = machine.takeOver(finishedBefore) }
    send(.begin)
  }

  func state(_ name: String) -> TaskState? {
    machine.tree.entries.last { $0.fullName == name }?.state
  }

  func entry(_ name: String) -> TaskEntry? {
    machine.tree.entries.last { $0.fullName == name }
  }

  private mutating func send(_ event: AttemptStateMachine.Event) {
    time += 1
    var queue = machine.handle(event, at: time)
    while !queue.isEmpty {
      let action = queue.removeFirst()
      time += 1
      switch action {
      case .run(let id): queue += perform(id)
      case .wake(let id, let pause):
        pauses.append(pause)
        queue += machine.handle(.due(id), at: time)
      case .end(let status): self.status = status
      case .warn(_, let text), .alert(let text): warnings.append(text)
      case .cancelRunning: break
      }
    }
  }

  private mutating func perform(_ id: TaskID) -> [AttemptStateMachine.Action] {
    let name = machine.tree[id].fullName
    guard machine.tree[id].state == .ready else { return [] }
    tries.append(name)
    var actions = machine.handle(.started(id), at: time)
    let ending = script[name]?.isEmpty == false ? script[name]?.removeFirst() : nil
    let event: AttemptStateMachine.Event
    switch ending ?? .success() {
    case .success(let result): event = .finished(id, result, check: checks[name], retry: nil)
    case .retried(let result, let retry):
      event = .finished(id, result, check: checks[name], retry: retry)
    case .failure(let message, let retry):
      event = .failed(id, TaskError(message: message), retry: retry)
    case .poll: event = .polling(id, after: .seconds(1), state: ["again": true])
    case .kill:
      actions += machine.handle(.kill, at: time)
      event = .finished(id, TaskResult(store: ["lost": true]), check: nil, retry: nil)
    }
    return actions + machine.handle(event, at: time)
  }
}

/// A task with an operator.
func task(
  _ name: String,
  error: [TaskNode] = [],
  isBackground: Bool = false,
  after: [String] = [],
  export: ObjectValue = [:]
) -> TaskNode {
  TaskNode(
    name: name,
    kind: .operation(type: "echo"),
    export: export,
    isBackground: isBackground,
    after: after,
    error: error
  )
}

/// A task with children.
func group(
  _ name: String,
  _ children: [TaskNode],
  order: TaskNode.Order = .sequential,
  retry: Value? = nil,
  error: [TaskNode] = [],
  export: ObjectValue = [:]
) -> TaskNode {
  TaskNode(name: name, export: export, children: children, order: order, retry: retry, error: error)
}

/// A workflow of these tasks.
func definition(_ root: TaskNode) -> WorkflowDefinition {
  WorkflowDefinition(
    name: "w",
    file: "w.dig",
    timezone: "UTC",
    schedule: nil,
    sla: nil,
    root: root
  )
}

extension AttemptEnvironment {
  /// Surroundings that have nothing but operators and time.
  static func testing(
    _ operators: [String: any Operator],
    workers: Int = 8,
    key: String? = nil,
    project: String = "/",
    now: @escaping @Sendable () -> Double = { 0 },
    // why: the heartbeat of a test that ends by itself
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) -> AttemptEnvironment {
    AttemptEnvironment(
      identity: AttemptIdentity(
        projectID: 1,
        projectName: "p",
        workflowName: "w",
        sessionID: 1,
        attemptID: 1,
        sessionTime: "1970-01-01T00:00:00+00:00",
        sessionUnixTime: 0,
        timezone: "UTC",
        key: key
      ),
      operators: operators,
      templates: TemplateEngine(momentFile: nil),
      sessionParameters: [:],
      builtIns: { ["task_name": .string($0), "_project_path": .string(project)] },
      secrets: { _ in nil },
      projectDirectory: project,
      attemptDirectory: "/",
      workers: workers,
      now: now,
      listener: AttemptListener(changed: { _ in }, printed: { _, _ in }, logged: { _, _, _ in }),
      pause: pause
    )
  }
}
