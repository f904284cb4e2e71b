public import WorkflowLanguage

/// Moving a schedule by hand.
extension ScheduleState {
  /// Sessions that one call leaves out at most.
  public static let mostSkipped = 100_000

  /// Behind the next so many sessions.
  public func skipping(_ count: Int, of schedule: Schedule) -> ScheduleState {
    var state = self
    for _ in 0..<min(count, Self.mostSkipped) where state.next != .never {
      state = ScheduleState(
        next: schedule.next(after: state.next.sessionTime),
        lastSession: state.next.sessionTime
      )
    }
    return state
  }

  /// To the first session at or after a moment in Unix seconds; nil when that lies behind the schedule.
  public func skipping(to moment: Int64, of schedule: Schedule) -> ScheduleState? {
    let next = schedule.next(after: moment - 1)
    guard next.sessionTime >= self.next.sessionTime else { return nil }
    guard next != self.next else { return self }
    let last = schedule.last(before: min(moment, next.sessionTime))
    return ScheduleState(next: next, lastSession: last?.sessionTime ?? lastSession)
  }

  /// The sessions from the next one on, the first so many.
  public func upcoming(_ count: Int, of schedule: Schedule) -> [ScheduleTime] {
    var found: [ScheduleTime] = []
    var time = next
    while found.count < count, time != .never {
      found.append(time)
      time = schedule.next(after: time.sessionTime)
    }
    return found
  }
}
