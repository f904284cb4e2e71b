import Storage
import Testing

@testable import WorkflowEngine

@Suite struct BackfillStoreTests {
  @Test func `the sessions of each backfill come one after another`() throws {
    let database = try SQLDatabase.inMemory()
    let project = try AttemptStore(database: database).project(named: "p")
    let store = try BackfillStore(database: database)
    func plan(_ name: String, _ times: [Int64]) -> BackfillStore.Plan {
      BackfillStore.Plan(
        project: project,
        workflow: "w",
        sessionTimes: times,
        name: name,
        account: 7
      )
    }
    let first = try store.add(plan("a", [10, 20]))
    let second = try store.add(plan("b", [5]))
    #expect(first != second)
    var head = try #require(try store.heads(of: first).first)
    #expect(head.sessionTime == 10)
    #expect(head.account == 7)
    try store.note(99, of: head)
    #expect(try store.heads().map(\.sessionTime) == [10, 5])
    #expect(try store.heads(of: first).map(\.attempt) == [99])
    try store.finish(head)
    head = try #require(try store.heads(of: first).first)
    #expect(head.sessionTime == 20)
    #expect(head.attempt == nil)
    try store.finish(head)
    #expect(try store.heads().map(\.name) == ["b"])
    try store.forget(project: project)
    #expect(try store.heads().isEmpty)
  }
}
