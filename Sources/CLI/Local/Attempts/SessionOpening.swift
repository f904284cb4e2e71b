import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// The session that a run belongs to, found or made, and what its tasks see of it.
struct SessionOpening {
  let projectID: Int64
  let projectName: String
  let workflow: String
  let zone: ZoneRules
  let time: SessionTime
  /// As it stood at the last look.
  private(set) var session: AttemptStore.SessionRecord
  let directory: String
  private let schedule: Schedule?
  private let lastExecuted: Int64?

  init(project: LocalProject, request: RunRequest, store: AttemptStore) throws {
    let definition = request.definition
    directory = project.directory
    projectName = project.name
    workflow = definition.name
    projectID = try store.project(named: project.name)
    do {
      zone = try ZoneRules(definition.timezone)
      schedule = try definition.schedule.map { raw throws(WorkflowError) in
        try Schedule(raw, timezone: definition.timezone)
      }
      let asked = try request.session.time(in: zone, now: Int64(Wiring.now()))
      let newID = UUID().uuidString.lowercased()
      session =
        request.session.isNew
        ? try store.newSession(
          project: projectID,
          workflow: workflow,
          from: asked.unixTime,
          newID: newID
        )
        : try store.session(
          project: projectID,
          workflow: workflow,
          time: asked.unixTime,
          newID: newID
        )
      time = SessionTime(session.time, in: zone)
    } catch let error as WorkflowError {
      throw CommandFailure(
        error.code == .parameter ? .usage : .refused,
        error.message,
        hint: error.hint
      )
    }
    lastExecuted = try store.lastSession(
      project: projectID,
      workflow: workflow,
      before: time.unixTime
    )
  }

  /// The session of an attempt that goes on.
  ///
  /// - Throws: `WorkflowError` when the zone or the schedule of its definition cannot be used.
  init(
    project: LocalProject,
    attempt: AttemptSummary,
    definition: WorkflowDefinition,
    store: AttemptStore
  ) throws {
    directory = project.directory
    projectName = project.name
    workflow = attempt.workflow
    projectID = attempt.projectID
    zone = try ZoneRules(attempt.timezone)
    schedule = try definition.schedule.map { raw throws(WorkflowError) in
      try Schedule(raw, timezone: definition.timezone)
    }
    time = SessionTime(attempt.sessionTime, in: zone)
    session = AttemptStore.SessionRecord(
      id: attempt.session,
      uuid: attempt.sessionUUID,
      time: attempt.sessionTime,
      lastAttempt: attempt.id,
      lastStatus: attempt.status
    )
    lastExecuted = try store.lastSession(
      project: projectID,
      workflow: workflow,
      before: attempt.sessionTime
    )
  }

  /// Looks again how the last attempt stands: until the session is locked, another process may close or run it.
  mutating func lookAgain(in store: AttemptStore) throws {
    session = try store.session(
      project: projectID,
      workflow: workflow,
      time: session.time,
      newID: session.uuid
    )
  }

  /// The key tells an attempt from another with its number, as there is after a store was made anew or brought back.
  func identity(of start: AttemptStart) -> AttemptIdentity {
    AttemptIdentity(
      projectID: projectID,
      projectName: projectName,
      workflowName: workflow,
      sessionID: session.id,
      attemptID: start.claim.attempt,
      sessionTime: time.text,
      sessionUnixTime: time.unixTime,
      timezone: zone.id,
      key: "\(session.uuid)/\(start.claim.attempt)@\(start.began)"
    )
  }

  /// The built-in variables of every task of an attempt, but for `task_name`.
  func builtIns(
    _ start: AttemptStart,
    parameters: ObjectValue
  ) throws(CommandFailure) -> ObjectValue {
    var clock = SessionClock(
      zone: zone,
      projectID: projectID,
      sessionID: session.id,
      attemptID: start.claim.attempt,
      sessionUUID: session.uuid,
      sessionTime: time.unixTime,
      lastExecutedSessionTime: lastExecuted,
      projectPath: directory
    )
    clock.retryAttemptName = start.name.isEmpty ? nil : start.name
    if let schedule { clock.setNeighbours(from: schedule) }
    do {
      return try BuiltInVariables.make(clock, taskName: "", sessionParameters: parameters)
    } catch {
      throw CommandFailure(.usage, error.message, hint: error.hint)
    }
  }
}
