public import WorkflowLanguage

/// Where the schedule of a workflow stands: kept, so that a process that starts goes on from there.
public struct ScheduleState: Sendable, Hashable {
  /// The session that comes next; ``ScheduleTime/never`` when the schedule is over.
  public var next: ScheduleTime
  /// The session that was started or skipped last, in Unix seconds.
  public var lastSession: Int64?

  public init(next: ScheduleTime, lastSession: Int64? = nil) {
    self.next = next
    self.lastSession = lastSession
  }

  /// For a workflow that had no schedule: it begins with the first session that is due from now on.
  public static func beginning(_ schedule: Schedule, at now: Int64) -> ScheduleState {
    ScheduleState(next: schedule.first(at: now))
  }

  /// For a workflow whose schedule is another now: it goes on behind the last session.
  public func changed(to schedule: Schedule, at now: Int64) -> ScheduleState {
    guard let lastSession else { return .beginning(schedule, at: now) }
    return ScheduleState(next: schedule.next(after: lastSession), lastSession: lastSession)
  }
}

/// What a scheduler is to do about one workflow now, as a value: no clock, no input or output.
public struct ScheduleDecision: Sendable, Hashable {
  /// One thing to do; after those that move on, the next decision may ask for more.
  public enum Step: Sendable, Hashable {
    /// Start an attempt of the session; when the session has one already, only go on.
    case fire(ScheduleTime)
    /// Leave the session out.
    case skip(ScheduleTime, SkipReason)
    /// Nothing is due before a moment, in Unix seconds.
    case wait(until: Int64)
    /// A late session waits for the end of the attempt that runs: missed sessions run one after another.
    case waitForRunning(ScheduleTime)
    /// The schedule is over.
    case ended
  }

  /// Why a session is left out.
  public enum SkipReason: Sendable, Hashable {
    /// `skip_on_overtime`: another attempt of the workflow still runs.
    case overtime
    /// `skip_delayed_by`: it would start so many seconds after its run time.
    case delayed(by: Int64)
  }

  /// A session that would start later than this many seconds after its run time was missed, as is one whose successor is
  /// due too.
  public static let lateness: Int64 = 60

  public let step: Step
  /// What is kept once the step is done.
  public let after: ScheduleState

  /// - Parameters:
  ///   - schedule: that of the workflow as it is now.
  ///   - state: as kept.
  ///   - now: Unix seconds.
  ///   - isRunning: an attempt of the workflow is running.
  public init(_ schedule: Schedule, _ state: ScheduleState, now: Int64, isRunning: Bool) {
    let due = state.next
    let delay = now - due.runTime
    let following = delay < 0 ? .never : schedule.next(after: due.sessionTime)
    let step: Step
    if due == .never {
      step = .ended
    } else if delay < 0 {
      step = .wait(until: due.runTime)
    } else if let limit = schedule.skipsDelayedBy, delay > limit.components.seconds {
      step = .skip(due, .delayed(by: delay))
    } else if isRunning, schedule.skipsOnOvertime {
      step = .skip(due, .overtime)
    } else if isRunning, delay > Self.lateness || following.runTime <= now {
      step = .waitForRunning(due)
    } else {
      step = .fire(due)
    }
    self.step = step
    switch step {
    case .fire, .skip:
      after = ScheduleState(next: following, lastSession: due.sessionTime)
    case .wait, .waitForRunning, .ended: after = state
    }
  }
}
