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
  ) throws -> ScheduleState {
    try record(raw, at: now, timezone: timezone).state
  }

  private func record(
    _ raw: ObjectValue,
    at now: Int64,
    timezone: String = "UTC"
  ) throws -> ScheduleRecord {
    try store.record(
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
    var record = try record(["hourly>": "00:00"], at: 900_000)
    #expect(try store.move(&record, to: next))
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

  @Test func `a schedule that was moved meanwhile is not moved by who read it before`() throws {
    let first = try record(["hourly>": "00:00"], at: 10)
    var (early, late) = (first, first)
    let schedule = try Schedule(["hourly>": "00:00"], timezone: "UTC")
    #expect(try store.move(&early, to: first.state.skipping(1, of: schedule), skip: "by hand"))
    #expect(try !store.move(&late, to: first.state.skipping(5, of: schedule)))
    let kept = try #require(try store.record(first.id))
    #expect(kept.state.next.sessionTime == 7200)
    #expect(kept.lastSkip == "by hand")
    #expect(late.state == first.state)
  }

  @Test func `a disabled schedule stays disabled when it changes, and keeps its first moment`()
    throws
  {
    let first = try record(["hourly>": "00:00"], at: 10)
    try store.disable(first.id, at: 50)
    try store.disable(first.id, at: 60)
    let changed = try record(["daily>": "07:00:00"], at: 900_000)
    #expect(changed.id == first.id)
    #expect(changed.disabledAt == 50)
    try store.disable(first.id, at: nil)
    #expect(try store.records().map(\.disabledAt) == [nil])
  }

  @Test func `schedules of an older version keep their place and get numbers`() throws {
    let database = try SQLDatabase.inMemory()
    let project = try AttemptStore(database: database).project(named: "p")
    try database.migrate([ScheduleMigrations.all[0]], room: "Schedules")
    _ = try database.write { connection in
      try connection.execute(
        "INSERT INTO schedules VALUES ($1, 'w', '{}', 7200, 7260, 3600), ($1, 'a', '{}', 1, 2, NULL)",
        [.int(project)]
      )
    }
    let records = try ScheduleStore(database: database).records()
    #expect(records.map(\.id) == [1, 2])
    #expect(records.map(\.workflow) == ["a", "w"])
    #expect(
      records[1].state
        == ScheduleState(next: ScheduleTime(sessionTime: 7200, runTime: 7260), lastSession: 3600)
    )
  }
}
