import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ScheduleSkipTests {
  private let schedule: Schedule
  private let state: ScheduleState

  init() throws {
    schedule = try Schedule(["daily>": "07:00:00"], timezone: "UTC")
    state = .beginning(schedule, at: 0)
  }

  @Test func `so many sessions are left out`() {
    #expect(state.next.sessionTime == 0)
    let moved = state.skipping(3, of: schedule)
    #expect(moved.next == ScheduleTime(sessionTime: 3 * 86_400, runTime: 3 * 86_400 + 7 * 3600))
    #expect(moved.lastSession == 172_800)
  }

  @Test(
    arguments: [
      (86_400, 86_400, 0), (86_401, 2 * 86_400, 86_400), (5 * 86_400, 5 * 86_400, 4 * 86_400),
    ] as [(Int64, Int64, Int64)]
  )
  func `a schedule moves to the first session at or after a time`(
    time: Int64,
    next: Int64,
    last: Int64
  ) {
    let moved = state.skipping(to: time, of: schedule)
    #expect(moved?.next.sessionTime == next)
    #expect(moved?.lastSession == last)
  }

  @Test func `a schedule does not move back, and to where it is it does not move`() {
    let moved = state.skipping(3, of: schedule)
    #expect(moved.skipping(to: 86_400, of: schedule) == nil)
    #expect(moved.skipping(to: 3 * 86_400, of: schedule) == moved)
  }

  @Test func `the coming sessions end with the schedule`() throws {
    let short = try Schedule(["daily>": "07:00:00", "end": "1970-01-02"], timezone: "UTC")
    #expect(state.upcoming(2, of: schedule).map(\.sessionTime) == [0, 86_400])
    let upcoming = ScheduleState.beginning(short, at: 0).upcoming(10, of: short)
    #expect(upcoming.map(\.sessionTime) == [0, 86_400])
  }
}
