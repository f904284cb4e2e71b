import Operators
import Projects
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// Attempts of other workflows, as tasks of a server's projects require them: in any of its projects, with their latest
/// revisions.
///
/// Unlike in a local run, what was started goes on when the attempt that wanted it ends.
struct ServerRequirements: Sendable {
  let intake: AttemptIntake
  /// The server's data folder.
  let state: String

  var attempts: RequiredAttempts {
    RequiredAttempts(
      find: { try find($0) },
      start: { try start($0, isRepeat: $1) },
      standing: { try standing($0["id"]?.int ?? 0, asker: $1) }
    )
  }

  private func find(_ request: RequiredAttempts.Request) throws -> RequiredAttempts.Standing? {
    let (revision, _) = try wanted(request)
    guard let found = try attempts(of: request, in: revision.project).last else { return nil }
    return try standing(found.id, asker: request.asker)
  }

  private func start(
    _ request: RequiredAttempts.Request,
    isRepeat: Bool
  ) throws -> RequiredAttempts.Standing {
    let (revision, definition) = try wanted(request)
    var order = AttemptIntake.Order(
      definition: definition,
      revision: revision,
      sessionTime: request.sessionTime
    )
    order.parameters = request.parameters
    order.account = try intake.history.attempt(request.asker.attemptID)?.account
    if isRepeat { order.name = try attempts(of: request, in: revision.project).freeName }
    do {
      return try standing(intake.accept(order).attempt, asker: request.asker)
    } catch let error as ServerError {
      // Somebody else may have begun another one in this moment.
      let running = try attempts(of: request, in: revision.project).last {
        $0.status == .running
      }
      if let running { return try standing(running.id, asker: request.asker) }
      throw TaskFailure(
        .runtime,
        "Dependent workflow `\(request.workflow)` cannot be started: \(error.message)"
      )
    }
  }

  private func standing(
    _ id: Int64,
    asker: AttemptIdentity
  ) throws -> RequiredAttempts.Standing {
    guard let found = try intake.history.attempt(id) else {
      throw TaskFailure(.runtime, "Dependent workflow failed: attempt \(id) is gone")
    }
    if found.status == .running {
      let place = RequirementCircle.Place(
        project: LocalProject(files: state, state: state, name: found.project),
        history: intake.history
      )
      try RequirementCircle(asker: asker, state: state) { ($1, $0["id"]?.int ?? 0) }
        .refuse(from: found, in: place)
      intake.queue.promote(id)
    }
    return RequiredAttempts.Standing(
      reference: ["id": .int(id)],
      name: "attempt \(id)",
      status: found.status
    )
  }

  private func attempts(
    of request: RequiredAttempts.Request,
    in project: Int64
  ) throws -> [AttemptSummary] {
    try intake.history.attempts(
      project: project,
      workflow: request.workflow,
      sessionTime: request.sessionTime
    )
  }

  private func wanted(
    _ request: RequiredAttempts.Request
  ) throws -> (Revision, WorkflowDefinition) {
    let number: Int64?
    let words: String
    switch request.project {
    case .own: (number, words) = (request.asker.projectID, "`\(request.asker.projectName)`")
    case .number(let id): (number, words) = (id, "\(id)")
    case .named(let name): (number, words) = (try intake.source.project(name), "`\(name)`")
    }
    guard let revision = try number.flatMap({ try intake.source.latest($0) }) else {
      throw TaskFailure(
        .config,
        "Dependent workflow does not exist: there is no project \(words)"
      )
    }
    let workflows = try intake.source.workflows(revision)
    guard let workflow = workflows.first(where: { $0.name == request.workflow }) else {
      throw TaskFailure.missing(
        request.workflow,
        among: workflows.map(\.name),
        of: revision.projectName
      )
    }
    return (revision, workflow)
  }
}
