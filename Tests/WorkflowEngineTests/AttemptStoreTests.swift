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

  @Test func `of several that begin the same attempt at the same moment one does`() async throws {
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 1, newID: "a")
    let root = group("+w", [task("+a")])
    var new = NewAttempt(session: session.id, definition: definition(root))
    new.revision = 3
    new.account = 4
    new.runTime = 5
    let (store, order) = (store, new)
    let begun = try await withThrowingTaskGroup(of: (attempt: Int64, isNew: Bool).self) { group in
      for _ in 0..<20 {
        group.addTask {
          var machine = try AttemptStateMachine(root: root)
          return try store.beginOnce(order, &machine, at: 5)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(begun.count { $0.isNew } == 1)
    #expect(Set(begun.map(\.attempt)).count == 1)
    let record = try store.attempt(begun[0].attempt)
    #expect([record.revision, record.account, record.runTime] == [3, 4, 5])
    let summary = try AttemptHistory(database: store.database).attempt(record.id)
    #expect(summary?.revision == 3)
    #expect(summary?.account == 4)
    #expect(summary?.projectID == project)
  }

  @Test func `a second attempt of a session that runs is refused, of one that ended it begins`()
    throws
  {
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 1, newID: "a")
    let root = group("+w", [task("+a")])
    func begin(_ name: String) throws -> (attempt: Int64, isNew: Bool) {
      var machine = try AttemptStateMachine(root: root)
      var new = NewAttempt(session: session.id, definition: definition(root))
      new.name = name
      return try store.beginOnce(new, &machine, at: 5)
    }
    let first = try begin("")
    #expect(throws: EngineError.self) { try begin("again") }
    try store.endAttempt(first.attempt, status: .error, at: 6)
    #expect(try begin("") == (first.attempt, false))
    #expect(try begin("again").isNew)
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

  @Test func `a database of the version before is brought up to date and its attempts are kept`()
    throws
  {
    let database = try SQLDatabase(path: folder.path + "/old.db", durability: .process)
    try database.migrate(Array(EngineMigrations.all.prefix(1)), room: "WorkflowEngine")
    try database.write { connection in
      for statement in [
        "INSERT INTO projects VALUES (1, 'p')", "INSERT INTO sessions VALUES (1, 1, 'w', 5, 'u')",
        "INSERT INTO attempts VALUES (1, 1, 'running', '{\"p\":1}', 'UTC', 6.0, NULL)",
        """
        INSERT INTO tasks VALUES (
          1, 1, NULL, '+w', NULL, 'planned', '[]', '{}', '[]', '{}', '{}', NULL, NULL, 0, 6.0, NULL)
        """,
        """
        INSERT INTO tasks VALUES (
          1, 2, 1, '+w+a', 'echo', 'success', '[]', '{"n":1}', '[]', '{}', '{}', NULL, NULL, 0, 6.0, 7.0)
        """,
      ] { try connection.execute(statement) }
    }
    let store = try AttemptStore(database: database)
    let record = try store.attempt(1)
    #expect(record.status == .running)
    #expect(record.parameters == ["p": 1])
    #expect(record.fence == 0)
    let error = #expect(throws: EngineError.self) { try store.restore(1) }
    #expect(error?.code == .unreadable)
    #expect(error?.message.contains("definition was not kept") == true)
    #expect(try store.finishedTasks(of: 1).map(\.fullName) == ["+w+a"])
    #expect(try store.endAttempt(1, status: .error, at: 9))
  }

  @Test func `a definition is kept once, and an attempt that is damaged is told apart`() throws {
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 1, newID: "a")
    let root = group("+w", [task("+a"), task("+b")])
    let attempts = try (0..<3).map { _ in
      var machine = try AttemptStateMachine(root: root)
      return try store.begin(
        NewAttempt(session: session.id, definition: definition(root)),
        &machine,
        at: 5
      )
    }
    let hashes = try attempts.map { try store.attempt($0).definition }
    #expect(Set(hashes) == [AttemptStore.hash(of: definition(root))])
    #expect(
      try store.restore(attempts[0]).saved.tree.entries.map(\.state) == [
        .blocked, .blocked, .blocked,
      ]
    )
    try store.database.write { connection in
      _ = try connection.execute(
        "DELETE FROM tasks WHERE attempt_id = $1 AND id = 2",
        [.int(attempts[1])]
      )
      _ = try connection.execute(
        "UPDATE tasks SET store_params = '{' WHERE attempt_id = $1",
        [.int(attempts[2])]
      )
    }
    for attempt in attempts.dropFirst() {
      #expect(#expect(throws: EngineError.self) { try store.restore(attempt) }?.code == .unreadable)
    }
  }

  @Test func `what an attempt never came to is taken over from the one before it`() throws {
    let project = try store.project(named: "p")
    let session = try store.session(project: project, workflow: "w", time: 1, newID: "a")
    let root = group("+w", [task("+a"), task("+b")])
    func attempt(_ rule: ResumeRule?, success: [String]) throws -> Int64 {
      var tree = TaskTree(root: root)
      for name in success {
        if let id = tree.entries.first(where: { $0.fullName == name })?.id {
          tree[id].state = .success
        } else {
          let id = tree.add(task(String(name.dropFirst(4))), under: 2, role: .generated)
          tree[id].state = .success
        }
      }
      var machine = AttemptStateMachine(restoring: SavedAttempt(tree: tree))
      machine.changed.insert(tree.ids, .new)
      return try store.begin(
        NewAttempt(session: session.id, definition: definition(root), resumedFrom: rule),
        &machine,
        at: 5
      )
    }
    let first = try attempt(nil, success: ["+w+a^sub", "+w+b"])
    let second = try attempt(ResumeRule(attempt: first), success: [])
    let rule = ResumeRule(attempt: second)
    #expect(try store.finishedTasks(by: rule).map(\.fullName) == ["+w+a^sub"])
    let again = ResumeRule(attempt: second, runningAgain: ["+w+a"])
    #expect(try store.finishedTasks(by: again).isEmpty)
    #expect(again.runsAgain("+w+a^sub+x"))
    #expect(!again.runsAgain("+w+ab"))
  }
}
