import Projects
import Synchronization
import Values
import WorkflowEngine

/// Sessions, attempts and tasks as JSON; looks each revision up once.
final class AttemptShapes: Sendable {
  private let projects: ProjectControl
  private let revisions = Mutex<[Int64: Revision?]>([:])

  init(projects: ProjectControl) { self.projects = projects }

  func value(_ session: SessionSummary, last: AttemptSummary?) throws -> Value {
    [
      "id": .id(session.id), "project": .named(session.projectID, session.project),
      "workflow": [
        "id": try number(of: session.workflow, in: last?.revision),
        "name": .string(session.workflow),
      ],
      "sessionUuid": .string(session.uuid),
      "sessionTime": .string(Timestamp.text(session.time, in: session.timezone)),
      "attemptCount": .int(session.attemptCount),
      "lastAttempt": last.map { .object(ObjectValue([("id", .id($0.id))] + outcome($0))) } ?? .null,
    ]
  }

  func value(_ attempt: AttemptSummary) throws -> Value {
    let place: [(String, Value)] = [
      ("id", .id(attempt.id)), ("index", .int(attempt.index)),
      ("project", .named(attempt.projectID, attempt.project)),
      (
        "workflow",
        [
          "id": try number(of: attempt.workflow, in: attempt.revision),
          "name": .string(attempt.workflow),
        ]
      ), ("sessionId", .id(attempt.session)), ("sessionUuid", .string(attempt.sessionUUID)),
      ("sessionTime", .string(Timestamp.text(attempt.sessionTime, in: attempt.timezone))),
    ]
    return .object(
      ObjectValue(place + outcome(attempt) + [("revisionId", .id(attempt.revision))])
    )
  }

  private func outcome(_ attempt: AttemptSummary) -> [(String, Value)] {
    [
      ("retryAttemptName", attempt.name.isEmpty ? .null : .string(attempt.name)),
      ("done", .bool(attempt.status != .running)), ("success", .bool(attempt.status == .success)),
      ("cancelRequested", .bool(attempt.killRequestedAt != nil || attempt.status == .killed)),
      ("params", .object(attempt.parameters)), ("createdAt", .time(attempt.createdAt)),
      ("finishedAt", .time(attempt.finishedAt)), ("status", .string(attempt.status.rawValue)),
    ]
  }

  private func number(of workflow: String, in revision: Int64?) throws -> Value {
    guard let revision else { return .null }
    let known = revisions.withLock { $0[revision] }
    let found = try known ?? projects.revision(revision)
    revisions.withLock { $0[revision] = .some(found) }
    return .id(found.flatMap { WorkflowNumber(of: workflow, in: $0)?.id })
  }

  static func value(_ task: TaskSummary, isKilled: Bool) -> Value {
    [
      "id": .id(Int64(task.id)), "fullName": .string(task.fullName),
      "parentId": .id(task.parent.map(Int64.init)), "type": .text(task.type), "config": [:],
      "upstreams": .array(task.upstreams.map { .id(Int64($0)) }),
      "state": .string(task.state.rawValue),
      "cancelRequested": .bool(isKilled && !task.state.isDone),
      "exportParams": .object(task.export), "storeParams": .object(task.store),
      "stateParams": .object(task.pollState), "retryCount": .int(task.retryCount),
      "updatedAt": .time(task.finishedAt ?? task.startedAt), "startedAt": .time(task.startedAt),
      "finishedAt": .time(task.finishedAt), "retryAt": .null,
      "error": task.error.map { ["message": .string($0)] } ?? [:],
      "isGroup": .bool(task.type == nil),
    ]
  }
}
