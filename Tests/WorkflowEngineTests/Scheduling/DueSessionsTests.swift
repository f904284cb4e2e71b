import Storage
import Synchronization
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct DueSessionsTests {
  /// A scheduler whose hands only write down what they are asked.
  private final class Desk: Sendable {
    struct State {
      var now = 0.0
      var begun: [Int64] = []
      var skips: [DueSessions.Skipped] = []
      var isRunning = false
      /// Attempts that can still be begun before all is full.
      var room = Int.max
      /// What dies after so many attempts that were begun.
      var dies = Int.max
      var meanwhile: (@Sendable () throws -> Void)?
    }

    struct Death: Error {}

    let state = Mutex(State())

    var hands: DueSessions.Hands {
      DueSessions.Hands(
        now: { self.state.withLock { $0.now } },
        isStopped: { false },
        isRunning: { _ in self.state.withLock { $0.isRunning } },
        begin: { _, time in
          let (begins, dies, meanwhile) = self.state.withLock { state in
            guard state.room > 0 else { return (false, false, state.meanwhile) }
            state.room -= 1
            if !state.begun.contains(time.sessionTime) { state.begun.append(time.sessionTime) }
            return (true, state.begun.count == state.dies, state.meanwhile)
          }
          try meanwhile?()
          if dies { throw Death() }
          return begins
        },
        tell: { _, skipped in self.state.withLock { $0.skips.append(skipped) } }
      )
    }

    var begun: [Int64] { state.withLock { $0.begun } }
  }

  private let store: ScheduleStore
  private let project: Int64
  private let desk = Desk()

  init() throws {
    let database = try SQLDatabase.inMemory()
    project = try AttemptStore(database: database).project(named: "p")
    store = try ScheduleStore(database: database)
  }

  private func schedule(_ options: ObjectValue = [:]) throws -> Schedule {
    try Schedule((["hourly>": "00:00"] as ObjectValue).merging(options), timezone: "UTC")
  }

  private func record(_ schedule: Schedule) throws -> ScheduleRecord {
    try store.record(
      project: project,
      workflow: WorkflowDefinition(
        name: "w",
        file: "w.dig",
        timezone: "UTC",
        schedule: ["hourly>": "00:00"],
        sla: nil,
        root: TaskNode(name: "+w")
      ),
      schedule: schedule,
      at: 10
    )
  }

  /// Looks once at the schedule as it is kept.
  @discardableResult
  private func look(_ schedule: Schedule, at now: Double) async throws -> Double {
    desk.state.withLock { $0.now = now }
    var record = try record(schedule)
    return try await DueSessions(store: store, hands: desk.hands).advance(&record, schedule)
  }

  @Test func `a session is begun when it is due, not before and not again`() async throws {
    let schedule = try schedule()
    #expect(try await look(schedule, at: 3599) == 3600)
    #expect(desk.begun == [])
    #expect(try await look(schedule, at: 3600) == 7200)
    #expect(try await look(schedule, at: 3601) == 7200)
    #expect(desk.begun == [3600])
  }

  @Test func `what dies between the attempt and the schedule loses nothing and repeats nothing`()
    async throws
  {
    let schedule = try schedule()
    desk.state.withLock { $0.dies = 1 }
    await #expect(throws: Desk.Death.self) { try await look(schedule, at: 7200) }
    #expect(try record(schedule).state.next.sessionTime == 3600)
    desk.state.withLock { $0.dies = .max }
    try await look(schedule, at: 7200)
    #expect(desk.begun == [3600, 7200])
  }

  @Test func `missed sessions wait for the one before`() async throws {
    let schedule = try schedule()
    try await look(schedule, at: 3600)
    desk.state.withLock { $0.isRunning = true }
    #expect(try await look(schedule, at: 20_000) == .infinity)
    #expect(desk.begun == [3600])
    desk.state.withLock { $0.isRunning = false }
    try await look(schedule, at: 20_000)
    #expect(desk.begun == [3600, 7200, 10_800, 14_400, 18_000])
  }

  @Test func `when all places are taken the session is tried again later`() async throws {
    let schedule = try schedule()
    desk.state.withLock { $0.room = 0 }
    #expect(try await look(schedule, at: 3600) == .infinity)
    #expect(try record(schedule).state.next.sessionTime == 3600)
    desk.state.withLock { $0.room = 1 }
    #expect(try await look(schedule, at: 4200) == 7200)
    #expect(desk.begun == [3600])
  }

  @Test func `late sessions are left out in one go and the reason is kept`() async throws {
    let schedule = try schedule(["skip_delayed_by": "10m"])
    #expect(try await look(schedule, at: 3600.0 * 1000 + 5) == 3600 * 1001)
    #expect(desk.begun == [3_600_000])
    let skip = try #require(desk.state.withLock { $0.skips.first })
    #expect(skip.count == 999)
    #expect(skip.first.sessionTime == 3600)
    #expect(skip.last.sessionTime == 3600 * 999)
    let kept = try record(schedule)
    #expect(kept.lastSkip == "1970-02-11T15:00:00+00:00: skip_delayed_by: 3605 seconds late")
  }

  @Test func `overtime is a reason too`() async throws {
    let schedule = try schedule(["skip_on_overtime": true])
    desk.state.withLock { $0.isRunning = true }
    #expect(try await look(schedule, at: 3600) == 7200)
    #expect(
      try record(schedule).lastSkip
        == "1970-01-01T01:00:00+00:00: skip_on_overtime: an attempt was still running"
    )
    #expect(desk.begun == [])
  }

  @Test func `a schedule that somebody skips while a session begins stays where it was put`()
    async throws
  {
    let schedule = try schedule()
    let (store, first) = (store, try record(schedule))
    desk.state.withLock { state in
      state.meanwhile = {
        var record = first
        _ = try store.move(&record, to: first.state.skipping(10, of: schedule), skip: "by hand")
      }
    }
    #expect(try await look(schedule, at: 3600) == .infinity)
    #expect(try record(schedule).state.next.sessionTime == 11 * 3600)
    #expect(desk.begun == [3600])
  }
}
