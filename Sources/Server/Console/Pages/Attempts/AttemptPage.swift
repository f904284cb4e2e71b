import Values
import WorkflowEngine

/// An attempt: how it stands, its tasks and what they say.
struct AttemptPage: PageModel {
  /// What is said above the tasks.
  struct Header: Sendable {
    let id: Int64
    let project: ProjectReference
    let workflow: String
    let session: Int64
    let sessionTime: Int64
    let timezone: String
    /// The retry name; empty for the first of a session.
    var name = ""
    let status: AttemptStatus
    /// nil for an attempt without a revision.
    var revision: (id: Int64, name: String)?
    var startedBy: String?
    let createdAt: Double
    var finishedAt: Double?
    var killRequestedAt: Double?
    var parameters: ObjectValue = [:]
    /// All attempts of the session, this one too, oldest first.
    var attemptsOfSession: [AttemptReference] = []
  }

  struct Task: Sendable {
    let id: Int
    let parent: Int?
    let fullName: String
    /// The operator; nil for a group.
    let type: String?
    let state: TaskState
    var startedAt: Double?
    var finishedAt: Double?
    var retryCount: Int64 = 0
    var error: String?
    var parameters: ObjectValue = [:]
    var store: ObjectValue = [:]
    /// What a polling operator left for its next call.
    var pollState: ObjectValue = [:]
    /// The page of the notebook it executed: its path below the folder `notebooks` of the attempt.
    var notebook: String?
  }

  let header: Header
  /// In order of numbers, all of them.
  let tasks: [Task]
  var view = TaskView()
  let log: LogTail

  var heading: PageHeading {
    let place = "Attempt \(header.id)"
    let workflow = PageHeading.Crumb(
      text: header.workflow,
      address: .workflow(header.project.id, header.workflow)
    )
    return PageHeading(
      header.workflow,
      kind: header.name.isEmpty ? place : place + " · " + Piece.cut(header.name, 60),
      section: .attempts,
      crumbs: header.project.crumbs + [workflow],
      place: place
    )
  }

  var value: Value {
    [
      "attempt": header.value, "tasks": .array(tasks.map(\.value)), "log": log.value,
    ]
  }
}

/// Which of the tasks of an attempt are shown.
struct TaskView: Sendable, Hashable {
  /// Rows on a page.
  static let size = 200

  /// Only what is in this group.
  var group: Int?
  var state: TaskState?
  /// From 0.
  var page = 0
}

extension AttemptPage.Header {
  var isRunning: Bool { status == .running }

  var value: Value {
    [
      "id": Encoded.id(id), "project": project.value, "workflow": .string(workflow),
      "sessionId": Encoded.id(session), "sessionTime": Encoded.time(sessionTime),
      "timezone": .string(timezone), "retryAttemptName": name.isEmpty ? .null : .string(name),
      "status": .string(status.rawValue),
      "revision": revision.map { ["id": Encoded.id($0.id), "name": .string($0.name)] } ?? .null,
      "startedBy": Encoded.text(startedBy), "createdAt": Encoded.time(createdAt),
      "finishedAt": Encoded.time(finishedAt), "killRequestedAt": Encoded.time(killRequestedAt),
      "params": .object(parameters), "attempts": .array(attemptsOfSession.map(\.value)),
    ]
  }
}

extension AttemptPage.Task {
  var value: Value {
    [
      "id": Encoded.id(Int64(id)), "parentId": Encoded.id(parent.map(Int64.init)),
      "fullName": .string(fullName), "type": Encoded.text(type), "state": .string(state.rawValue),
      "startedAt": Encoded.time(startedAt), "finishedAt": Encoded.time(finishedAt),
      "retryCount": .int(retryCount), "error": Encoded.text(error),
      "params": .object(parameters), "store": .object(store), "stateParams": .object(pollState),
      "notebook": Encoded.text(notebook),
    ]
  }
}
