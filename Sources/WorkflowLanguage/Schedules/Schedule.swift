import Values

/// When a session takes place and when its attempt starts, both in unix seconds.
public struct ScheduleTime: Sendable, Hashable {
  public let sessionTime: Int64
  public let runTime: Int64

  public init(sessionTime: Int64, runTime: Int64) {
    self.sessionTime = sessionTime
    self.runTime = runTime
  }

  /// What follows the end of a schedule: 9999-01-01.
  public static let never = ScheduleTime(sessionTime: 253_370_764_800, runTime: 253_370_764_800)
}

/// The `schedule:` of a workflow: answers which sessions there are.
///
/// Session times are found by the calendar of the workflow's zone. A local time that does not exist moves later by the
/// length of the gap; of a repeated hour only the second pass is used. The run time is the session time plus a delay that
/// is elapsed time, so on a day of change the run of `daily>` starts at another wall-clock time.
public struct Schedule: Sendable, Hashable {
  /// Where session times come from.
  enum Rhythm: Sendable, Hashable {
    case pattern(CronPattern)
    /// Unix times divisible by a number of seconds.
    case seconds(Int64)
  }

  public let zone: ZoneRules
  /// `skip_on_overtime`: a session is skipped while another attempt of the workflow runs.
  public let skipsOnOvertime: Bool
  /// `skip_delayed_by`: a session is skipped when its start is later than its run time by more than this.
  public let skipsDelayedBy: Duration?
  let rhythm: Rhythm
  /// From session time to run time.
  let delay: Int64
  /// Run times before it do not take place: the midnight that begins `start`.
  let start: Int64?
  /// Run times from here on do not take place: the midnight after `end`.
  let end: Int64?

  init(
    zone: ZoneRules,
    rhythm: Rhythm,
    delay: Int64,
    bounds: (start: Int64?, end: Int64?),
    skips: (onOvertime: Bool, delayedBy: Duration?)
  ) {
    self.zone = zone
    self.rhythm = rhythm
    self.delay = delay
    (start, end) = bounds
    (skipsOnOvertime, skipsDelayedBy) = skips
  }

  /// The first session whose run time is at or after a moment.
  public func first(at moment: Int64) -> ScheduleTime {
    bounded(session(after: max(moment, start ?? moment) - delay - 1))
  }

  /// The session after a session time.
  public func next(after sessionTime: Int64) -> ScheduleTime {
    guard let start, sessionTime + delay < start else {
      return bounded(session(after: sessionTime))
    }
    return bounded(session(after: max(sessionTime, start - delay - 1)))
  }

  /// The session before a session time, whether it ran or not; `start` and `end` do not hide it.
  public func last(before sessionTime: Int64) -> ScheduleTime? {
    session(before: sessionTime).map { ScheduleTime(sessionTime: $0, runTime: $0 + delay) }
  }

  private func bounded(_ session: Int64?) -> ScheduleTime {
    guard let session, session + delay < end ?? .max else { return .never }
    return ScheduleTime(sessionTime: session, runTime: session + delay)
  }

  /// The earliest moment of the rhythm later than `moment`.
  ///
  /// Around a change of offset local times and moments are not in the same order, so the search starts a day early there
  /// and goes on until no later local time can be an earlier moment.
  private func session(after moment: Int64) -> Int64? {
    guard case .pattern(let pattern) = rhythm else { return session(after: moment, in: rhythm) }
    let margin: Int64 = zone.changes(near: moment) ? 26 * 3600 : 0
    var local = moment + Int64(zone.offset(at: moment)) - margin
    var best: Int64?
    while let candidate = pattern.next(atOrAfter: local) {
      let found = zone.moment(CivilTime(seconds: candidate))
      let ahead = max(zone.offset(at: found - 86400), zone.offset(at: found + 86400))
      if let best, candidate - Int64(ahead) > best { break }
      if found > moment { best = min(best ?? found, found) }
      local = candidate + 60
    }
    return best
  }

  private func session(before moment: Int64) -> Int64? {
    guard case .pattern(let pattern) = rhythm else { return session(before: moment, in: rhythm) }
    let margin: Int64 = zone.changes(near: moment) ? 26 * 3600 : 0
    var local = moment + Int64(zone.offset(at: moment)) + margin
    var best: Int64?
    while let candidate = pattern.last(atOrBefore: local) {
      let found = zone.moment(CivilTime(seconds: candidate))
      let behind = min(zone.offset(at: found - 86400), zone.offset(at: found + 86400))
      if let best, candidate - Int64(behind) < best { break }
      if found < moment { best = max(best ?? found, found) }
      local = candidate - 60
    }
    return best
  }

  private func session(after moment: Int64, in rhythm: Rhythm) -> Int64? {
    guard case .seconds(let interval) = rhythm else { return nil }
    return (moment.flooredQuotient(by: interval) + 1) * interval
  }

  private func session(before moment: Int64, in rhythm: Rhythm) -> Int64? {
    guard case .seconds(let interval) = rhythm else { return nil }
    return (moment - 1).flooredQuotient(by: interval) * interval
  }
}
