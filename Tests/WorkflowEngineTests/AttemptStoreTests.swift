import Storage
import TestKit
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct AttemptStoreTests {
  private let folder: TemporaryFolder
  private let store: AttemptStore

  init() throws {
    folder = try TemporaryFolder()
    store = try AttemptStore(
      database: SQLDatabase(path: folder.path + "/t.db", durability: .process)
    )
  }

  @Test func `a session is one for its workflow and time`() throws {
    let project = try store.project(named: "p")
    #expect(try store.project(named: "p") == project)
    let first = try store.session(project: project, workflow: "w", time: 100, newID: "a")
    let again = try store.session(project: project, workflow: "w", time: 100, newID: "b")
    #expect(again.id == first.id)
    #expect(again.uuid == "a")
    #expect(first.lastAttempt == nil)
  }

  @Test func `a new session takes the next free second`() throws {
    let project = try store.project(named: "p")
    let times = try (1...3).map {
      try store.newSession(project: project, workflow: "w", from: 100, newID: "id\($0)").time
    }
    #expect(times == [100, 101, 102])
    #expect(
      try store.newSession(project: project, workflow: "other", from: 100, newID: "x").time == 100
    )
    #expect(try store.lastSession(project: project, workflow: "w", before: 102) == 101)
    #expect(try store.lastSession(project: project, workflow: "w", before: 100) == nil)
  }

  @Test func `finished tasks come back with what they stored, the last round of each`() throws {
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 1, newID: "a")
    let root = group("+w", [task("+a"), task("+b"), task("+c")])
    var machine = try AttemptStateMachine(root: root)
    let attempt = try store.begin(
      NewAttempt(session: session.id, definition: definition(root), parameters: ["p": 1]),
      &machine,
      at: 5
    )
    let claim = try store.claim(attempt, owner: "test", lease: .seconds(30), at: 5)
    let journal = store.journal(of: claim)
    var tree = machine.tree
    tree[2].state = .success
    tree[2].store = ["n": 1, "text": "ü"]
    tree[2].reset = [["td", "last_results"]]
    tree[3].state = .success
    let retried = tree.add(task("+b"), under: 1, role: .written)
    tree[retried].state = .error
    tree[retried].error = TaskError(message: "bad")
    let changes = [(2, TaskChange.Extent.outcome), (3, .state), (retried, .new)]
      .map { TaskChange($0.0, $0.1) }
    try journal.commit(at: 6) { _ in AttemptJournal.Entry(changes: changes, in: tree) }
    tree[4].state = .success
    let last = TaskChange(4, .state)
    try journal.commit(at: 7) { _ in AttemptJournal.Entry(changes: [last], in: tree) }
    #expect(
      try store.finishedTasks(of: attempt) == [
        FinishedTask(
          fullName: "+w+a",
          store: ["n": 1, "text": "ü"],
          reset: [["td", "last_results"]],
          exported: [:]
        ),
        FinishedTask(fullName: "+w+c", store: [:], reset: [], exported: [:]),
      ]
    )
    try store.endAttempt(attempt, status: .error, at: 9)
    let known = try store.session(project: project, workflow: "w", time: 1, newID: "z")
    #expect(known.lastAttempt == attempt)
    #expect(known.lastStatus == .error)
  }
}
