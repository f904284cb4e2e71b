import Storage
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ScheduleStoreTests {
  private let store: ScheduleStore
  private let project: Int64

  init() throws {
    let database = try SQLDatabase.inMemory()
    project = try AttemptStore(database: database).project(named: "p")
    store = try ScheduleStore(database: database)
  }

  private func state(
    _ raw: ObjectValue,
    at now: Int64,
    timezone: String = "UTC"
  ) throws
    -> ScheduleState
  {
    try store.state(
      project: project,
      workflow: WorkflowDefinition(
        name: "w",
        file: "w.dig",
        timezone: timezone,
        schedule: raw,
        sla: nil,
        root: TaskNode(name: "+w")
      ),
      schedule: Schedule(raw, timezone: timezone),
      at: now
    )
  }

  @Test func `a schedule goes on where it stood, and a changed one behind its last session`() throws
  {
    let first = try state(["hourly>": "00:00"], at: 10)
    #expect(first.next.runTime == 3600)
    #expect(try state(["hourly>": "00:00"], at: 900_000) == first)
    let next = ScheduleState(
      next: ScheduleTime(sessionTime: 7200, runTime: 7200),
      lastSession: 3600
    )
    try store.keep(next, project: project, workflow: "w")
    #expect(try state(["hourly>": "00:00"], at: 900_000) == next)
    let changed = try state(["hourly>": "30:00"], at: 900_000)
    #expect(changed.next == ScheduleTime(sessionTime: 7200, runTime: 9000))
    let moved = try state(["hourly>": "30:00"], at: 900_000, timezone: "Asia/Kolkata")
    #expect(moved.next.sessionTime == 5400)
  }

  @Test func `a schedule that was taken away and comes back begins anew`() throws {
    _ = try state(["hourly>": "00:00"], at: 10)
    try store.forget(project: project, but: ["w"])
    #expect(try state(["hourly>": "00:00"], at: 900_000).next.runTime == 3600)
    try store.forget(project: project, but: [])
    #expect(try state(["hourly>": "00:00"], at: 900_000).next.runTime == 900_000)
  }
}
