import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// The attempt that a run is about: a new one, or the last one of the session when its process was cut off.
struct AttemptStart {
  let machine: AttemptStateMachine
  let claim: AttemptClaim
  /// Those the attempt began with.
  let parameters: ObjectValue
  /// The one the attempt began with.
  let definition: WorkflowDefinition
  /// The retry name; empty for none.
  let name: String
  /// Unix seconds.
  let began: Double
  /// Tasks that succeeded in an earlier attempt and are not run again.
  let taken: Int
  let isContinued: Bool
  /// Lines about what is other than one may expect.
  let notes: [String]

  /// How long an attempt counts as run after the last sign of its runner.
  static let lease = Duration.seconds(30)

  /// - Throws: `TaskFailure` when the workflow has too many tasks.
  init(
    _ opening: SessionOpening,
    _ request: RunRequest,
    _ limits: AttemptLimits,
    _ store: AttemptStore,
    _ abandoned: AbandonedAttempts
  ) throws {
    if let last = opening.session.lastAttempt, opening.session.lastStatus == .running {
      try abandoned.closeRuns(of: last)
      if let restored = try Self.restored(last, request, store, abandoned) {
        self = try AttemptStart(continuing: restored, opening, request, limits, store)
        return
      }
    }
    try self.init(new: opening, request, limits, store)
  }

  /// An attempt whose rows are there, begun or gone on with by a server that has claimed it.
  init(_ restored: RestoredAttempt, _ claim: AttemptClaim, limits: AttemptLimits) {
    let record = restored.record
    self.claim = claim
    var limits = limits
    limits.tasks = max(limits.tasks, record.taskLimit)
    machine = AttemptStateMachine(restoring: restored.saved, limits: limits)
    parameters = record.parameters
    definition = restored.definition
    name = record.name
    began = record.createdAt
    taken = 0
    isContinued = record.fence > 0
    notes = []
  }

  /// A new attempt, which takes over what succeeded in the last one of the session, less what is to run again.
  private init(
    new opening: SessionOpening,
    _ request: RunRequest,
    _ limits: AttemptLimits,
    _ store: AttemptStore
  ) throws {
    var machine = try AttemptStateMachine(root: request.definition.root, limits: limits)
    let rule: ResumeRule?
    switch request.earlier {
    case .continued(let repetition):
      let selection = try TaskSelection(repetition, in: machine.tree)
      if let goal = selection.goal { machine.holdBack(beyond: goal) }
      rule = opening.session.lastAttempt.flatMap { selection.resuming($0) }
    case .resumed(let given): rule = given
    }
    let finished = try rule.map { try store.finishedTasks(by: $0) } ?? []
    taken = finished.isEmpty ? 0 : machine.takeOver(finished)
    var attempt = NewAttempt(
      session: opening.session.id,
      definition: request.definition,
      parameters: request.parameters,
      name: request.name,
      resumedFrom: rule
    )
    attempt.timezone = opening.zone.id
    began = Wiring.now()
    let id = try store.begin(attempt, &machine, at: began)
    claim = try Self.claim(id, store)
    self.machine = machine
    parameters = request.parameters
    definition = request.definition
    name = request.name
    isContinued = false
    notes = []
  }

  private init(
    continuing restored: RestoredAttempt,
    _ opening: SessionOpening,
    _ request: RunRequest,
    _ limits: AttemptLimits,
    _ store: AttemptStore
  ) throws {
    let record = restored.record
    claim = try Self.claim(record.id, store)
    var limits = limits
    limits.tasks = max(limits.tasks, record.taskLimit)
    machine = AttemptStateMachine(restoring: restored.saved, limits: limits)
    parameters = record.parameters
    definition = restored.definition
    name = record.name
    began = record.createdAt
    taken = 0
    isContinued = true
    var notes: [String] = []
    let anew =
      "`tadoru run \(request.definition.name) --session '\(opening.time.text)' --rerun` starts anew"
    if restored.definition != request.definition {
      notes.append(
        "the workflow changed since attempt \(record.id) began; it goes on as it was then (\(anew))"
      )
    }
    if request.hasParameters, request.parameters != record.parameters {
      notes.append("attempt \(record.id) goes on with the parameters it began with (\(anew))")
    }
    self.notes = notes
  }

  /// The cut-off attempt, unless it is to be closed: because it was killed, something else is asked for, or it cannot be read.
  private static func restored(
    _ attempt: Int64,
    _ request: RunRequest,
    _ store: AttemptStore,
    _ abandoned: AbandonedAttempts
  ) throws -> RestoredAttempt? {
    if case .continued(.none) = request.earlier, try store.attempt(attempt).killRequestedAt == nil {
      do {
        return try store.restore(attempt)
      } catch let error as EngineError where error.code == .unreadable {
        StandardError.line("\(error); its finished tasks are taken over by a new attempt")
      }
    }
    try abandoned.close(attempt)
    return nil
  }

  /// The lock of the session is held, so no living process runs the attempt whatever its lease says.
  private static func claim(_ attempt: Int64, _ store: AttemptStore) throws -> AttemptClaim {
    try store.claim(
      attempt,
      owner: "process \(ProcessInfo.processInfo.processIdentifier)",
      lease: lease,
      at: Wiring.now(),
      evenIfHeld: true
    )
  }
}
