import Access
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// What people ask for.
extension AttemptIntake {
  var control: AttemptControl {
    AttemptControl(
      start: { try start($0) },
      retry: { try retry($0) },
      kill: { try kill($0) }
    )
  }

  private func start(_ start: AttemptControl.Start) throws -> AttemptControl.Started {
    let revision = try revision(start.revision, of: start.project)
    let definition = try definition(start.workflow, of: revision)
    var order = Order(
      definition: definition,
      revision: revision,
      sessionTime: start.sessionTime
    )
    order.name = start.retryName
    order.parameters = start.parameters
    order.account = start.principal.account
    order.rule = try start.resume.flatMap { try rule($0, start) }
    let (attempt, isNew) = try accept(order)
    return isNew ? .begun(attempt) : .exists(attempt)
  }

  /// What is taken over from an attempt, which must be one of the same session.
  private func rule(
    _ resume: AttemptControl.Resume,
    _ start: AttemptControl.Start
  ) throws -> ResumeRule? {
    let id =
      switch resume {
      case .failed(let id), .from(_, let id): id
      }
    let old = try attempt(id)
    guard old.projectID == start.project, old.workflow == start.workflow,
      old.sessionTime == start.sessionTime
    else {
      throw ServerError(
        .badRequest,
        "attempt \(id) cannot be resumed: it belongs to another session"
      )
    }
    let scope: AttemptControl.Retry.Scope =
      switch resume {
      case .failed: .failed
      case .from(let task, _): .from(task)
      }
    return try rule(scope, old)
  }

  private func rule(
    _ scope: AttemptControl.Retry.Scope,
    _ old: AttemptSummary,
    refusal: ServerError.Code = .badRequest
  ) throws -> ResumeRule? {
    do {
      switch scope {
      case .all: return nil
      case .failed: return try ResumePlan.failed(of: old)
      case .from(let task):
        return try ResumePlan.from(task, of: old, tasks: history.tasks(of: old.id))
      }
    } catch let error as EngineError where error.code == .refused {
      throw ServerError(
        old.status == .running ? .conflict : refusal,
        error.message,
        hint: old.status == .success ? "retry all of it to run everything again" : nil
      )
    }
  }

  private func retry(_ retry: AttemptControl.Retry) throws -> Int64 {
    let old = try attempt(retry.attempt)
    let others = try history.attempts(session: old.session, limit: Int.max)
    if let running = others.first(where: { $0.status == .running }) {
      throw ServerError(
        .conflict,
        "session \(old.session) is running: attempt \(running.id)",
        hint: "wait for its end, or kill it"
      )
    }
    let number: Int64? =
      switch retry.revision {
      case .latest: nil
      case .number(let number): number
      case .same: try kept(old)
      }
    let revision = try revision(number, of: old.projectID)
    var order = Order(
      definition: try definition(old.workflow, of: revision),
      revision: revision,
      sessionTime: old.sessionTime
    )
    order.name = retry.name ?? others.freeName
    order.parameters = old.parameters.merging(retry.parameters)
    order.account = retry.principal.account
    order.rule = try rule(retry.scope, old, refusal: .conflict)
    let (attempt, isNew) = try accept(order)
    guard isNew else { throw exists(attempt, order.name, old) }
    return attempt
  }

  private func kept(_ old: AttemptSummary) throws(ServerError) -> Int64 {
    if let revision = old.revision { return revision }
    throw ServerError(.badRequest, "the revision of attempt \(old.id) was not kept")
  }

  private func exists(_ attempt: Int64, _ name: String, _ old: AttemptSummary) -> ServerError {
    ServerError(
      .conflict,
      "A session for the requested session_time already exists (session_id=\(old.session), "
        + "attempt_id=\(attempt), session_time=\(old.sessionTimeText)): its attempt is named `\(name)`",
      hint: "choose another name, or leave it out"
    )
  }

  private func kill(_ id: Int64) throws -> Bool {
    let old = try attempt(id)
    guard old.status == .running, try store.requestKill(id, at: Wiring.now()) else { return false }
    queue.kill(id)
    return true
  }

  private func attempt(_ id: Int64) throws -> AttemptSummary {
    if let found = try history.attempt(id) { return found }
    throw ServerError(.notFound, "there is no attempt \(id)")
  }
}
