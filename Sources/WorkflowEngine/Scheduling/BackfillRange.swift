public import WorkflowLanguage

/// The sessions of a schedule that a backfill is about.
public enum BackfillRange {
  /// From a moment, which the first session is at or after, up to and without the session that the schedule runs next.
  ///
  /// - Parameters:
  ///   - schedule: that of the workflow.
  ///   - start: Unix seconds.
  ///   - end: the session time that the schedule runs next, Unix seconds.
  ///   - limit: the first so many; one more is never looked for.
  /// - Returns: in order of time.
  public static func sessions(
    of schedule: Schedule,
    from start: Int64,
    before end: Int64,
    limit: Int
  ) -> [ScheduleTime] {
    var found: [ScheduleTime] = []
    var time = schedule.next(after: start - 1)
    while found.count < limit, time != .never, time.sessionTime < end {
      found.append(time)
      time = schedule.next(after: time.sessionTime)
    }
    return found
  }
}
