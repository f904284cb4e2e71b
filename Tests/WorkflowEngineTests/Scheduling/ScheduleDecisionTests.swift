import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

/// 2024-05-02T00:00:00Z (`date -u -d 2024-05-02 +%s`).
private let start: Int64 = 1_714_608_000
private let hour: Int64 = 3600

@Suite struct ScheduleDecisionTests {
  enum Bounds: String, CaseIterable, Sendable { case none, start, end, both }

  struct Case: Sendable, CustomTestStringConvertible {
    let missed: Int
    let skipsDelayed: Bool
    let skipsOvertime: Bool
    let bounds: Bounds

    var testDescription: String {
      "\(missed) missed, delayed \(skipsDelayed), overtime \(skipsOvertime), bounds \(bounds)"
    }

    static var all: [Case] {
      [0, 1, 3, 1000].flatMap { missed in
        [false, true].flatMap { delayed in
          [false, true].flatMap { overtime in
            Bounds.allCases.map {
              Case(missed: missed, skipsDelayed: delayed, skipsOvertime: overtime, bounds: $0)
            }
          }
        }
      }
    }

    var schedule: Schedule {
      get throws {
        var raw: ObjectValue = ["hourly>": "00:00"]
        if skipsDelayed { raw["skip_delayed_by"] = "1h" }
        if skipsOvertime { raw["skip_on_overtime"] = true }
        if bounds == .start || bounds == .both { raw["start"] = "2024-05-03" }
        if bounds == .end || bounds == .both { raw["end"] = "2024-05-10" }
        return try Schedule(raw, timezone: "UTC")
      }
    }

    /// Ten seconds after the last of the missed sessions was due, or before the first.
    var now: Int64 { missed == 0 ? start - 10 : start + Int64(missed - 1) * hour + 10 }

    /// The run times that are due, by plain arithmetic: every hour of the days within the bounds.
    var due: [Int64] {
      (0..<Int64(max(missed, 0))).map { start + $0 * hour }.filter { time in
        let day = (time - start) / 86_400  // 0 is 2024-05-02
        let isEarly = (bounds == .start || bounds == .both) && day < 1
        let isLate = (bounds == .end || bounds == .both) && day > 8
        return !isEarly && !isLate
      }
    }
  }

  /// What became of every due session while the clock stood still, attempts ending only when something waits for them.
  private func worked(
    _ schedule: Schedule,
    now: Int64
  ) -> (fired: [Int64], skipped: [Int64], waits: Int, last: ScheduleDecision) {
    var state = ScheduleState(next: schedule.first(at: start))
    var (fired, skipped, waits, isRunning) = ([Int64](), [Int64](), 0, false)
    while true {
      let decision = ScheduleDecision(schedule, state, now: now, isRunning: isRunning)
      switch decision.step {
      case .fire(let time):
        fired.append(time.runTime)
        isRunning = true
      case .skip(let time, _): skipped.append(time.runTime)
      case .waitForRunning:
        waits += 1
        isRunning = false
      case .wait, .ended: return (fired, skipped, waits, decision)
      }
      state = decision.after
    }
  }

  @Test(arguments: Case.all)
  func `missed sessions run in order, none twice and none lost`(example: Case) throws {
    let schedule = try example.schedule
    let due = example.due
    let found = worked(schedule, now: example.now)
    let inTime = example.skipsDelayed ? due.filter { example.now - $0 <= hour } : due
    #expect(found.fired == (example.skipsOvertime ? Array(inTime.prefix(1)) : inTime))
    #expect((found.fired + found.skipped).sorted() == due)
    if example.skipsOvertime { #expect(found.waits == 0) }
    // Each waits for the one before, but the newest, which is in time, starts beside it.
    if !example.skipsOvertime, !example.skipsDelayed, example.missed > 1 {
      let isNewestInTime = due.last.map { example.now - $0 <= ScheduleDecision.lateness } ?? false
      #expect(found.waits == max(0, due.count - (isNewestInTime ? 2 : 1)))
    }
    let end = start + 9 * 86_400
    switch found.last.step {
    case .ended: #expect(example.bounds == .end || example.bounds == .both)
    case .wait(let moment):
      #expect(moment > example.now)
      #expect(moment % hour == 0)
      if example.bounds == .end || example.bounds == .both { #expect(moment < end) }
    case .fire, .skip, .waitForRunning: Issue.record("the last step cannot be this")
    }
    #expect(found.last.after.lastSession == due.last)
  }

  @Test func `a session in time starts beside an attempt that still runs`() throws {
    let schedule = try Schedule(["hourly>": "00:00"], timezone: "UTC")
    let state = ScheduleState(next: schedule.first(at: start))
    for delay in [0, 60] as [Int64] {
      let decision = ScheduleDecision(schedule, state, now: start + delay, isRunning: true)
      #expect(decision.step == .fire(state.next))
    }
    let late = ScheduleDecision(schedule, state, now: start + 61, isRunning: true)
    #expect(late.step == .waitForRunning(state.next))
    #expect(late.after == state)
  }

  @Test func `skip_delayed_by begins behind its duration, and wins over skip_on_overtime`() throws {
    let schedule = try Schedule(
      ["hourly>": "00:00", "skip_delayed_by": "90s", "skip_on_overtime": true],
      timezone: "UTC"
    )
    let state = ScheduleState(next: schedule.first(at: start))
    func step(_ delay: Int64, isRunning: Bool = false) -> ScheduleDecision.Step {
      ScheduleDecision(schedule, state, now: start + delay, isRunning: isRunning).step
    }
    #expect(step(90) == .fire(state.next))
    #expect(step(91) == .skip(state.next, .delayed(by: 91)))
    #expect(step(90, isRunning: true) == .skip(state.next, .overtime))
    #expect(step(91, isRunning: true) == .skip(state.next, .delayed(by: 91)))
  }

  @Test func `a changed schedule goes on behind the last session, a new one from now`() throws {
    let hourly = try Schedule(["hourly>": "00:00"], timezone: "UTC")
    let daily = try Schedule(["daily>": "07:00:00"], timezone: "UTC")
    let fresh = ScheduleState.beginning(hourly, at: start + 1)
    #expect(fresh.next.runTime == start + hour)
    #expect(fresh.changed(to: daily, at: start + 1).next.runTime == start + 7 * hour)
    var used = fresh
    used.lastSession = start
    let changed = used.changed(to: daily, at: start + 100 * hour)
    #expect(changed.next.sessionTime == start + 24 * hour)
    #expect(changed.next.runTime == start + 31 * hour)
    #expect(changed.lastSession == start)
  }

  @Test func `a clock that jumps back starts nothing again`() throws {
    let schedule = try Schedule(["hourly>": "00:00"], timezone: "UTC")
    let state = ScheduleState(next: schedule.first(at: start))
    let fired = ScheduleDecision(schedule, state, now: start, isRunning: false)
    let back = ScheduleDecision(schedule, fired.after, now: start - 8 * hour, isRunning: false)
    #expect(back.step == .wait(until: start + hour))
  }
}

@Suite struct BackfillRangeTests {
  @Test func `begins at or after the moment and ends before the next session`() throws {
    let schedule = try Schedule(["daily>": "07:00:00"], timezone: "UTC")
    let next = start + 10 * 24 * hour
    func times(_ from: Int64, _ limit: Int) -> [Int64] {
      BackfillRange.sessions(of: schedule, from: from, before: next, limit: limit)
        .map(\.sessionTime)
    }
    #expect(times(start, 100) == (0..<10).map { start + $0 * 24 * hour })
    #expect(times(start + 1, 2) == [start + 24 * hour, start + 48 * hour])
    #expect(times(next, 100).isEmpty)
  }
}
