public import WorkflowLanguage

/// Does what is due of schedules: a session is begun, then its schedule moves on.
///
/// What dies in between is found by its session, which has an attempt then: no session runs twice and none is lost.
public struct DueSessions: Sendable {
  /// Sessions in a row that were left out.
  public struct Skipped: Sendable, Hashable {
    public let first: ScheduleTime
    public internal(set) var last: ScheduleTime
    public internal(set) var count: Int
    public internal(set) var reason: ScheduleDecision.SkipReason
  }

  /// How a scheduler does what is decided here.
  public struct Hands: Sendable {
    /// Unix time in seconds.
    let now: @Sendable () -> Double
    /// Nothing more is to be begun.
    let isStopped: @Sendable () -> Bool
    /// An attempt of the workflow runs.
    let isRunning: @Sendable (ScheduleRecord) throws -> Bool
    /// Begins the attempt of a session, unless it has one; false when that is to be tried again.
    let begin: @Sendable (ScheduleRecord, ScheduleTime) async throws -> Bool
    /// Says what was left out.
    let tell: @Sendable (ScheduleRecord, Skipped) -> Void

    public init(
      now: @escaping @Sendable () -> Double,
      isStopped: @escaping @Sendable () -> Bool,
      isRunning: @escaping @Sendable (ScheduleRecord) throws -> Bool,
      begin: @escaping @Sendable (ScheduleRecord, ScheduleTime) async throws -> Bool,
      tell: @escaping @Sendable (ScheduleRecord, Skipped) -> Void
    ) {
      self.now = now
      self.isStopped = isStopped
      self.isRunning = isRunning
      self.begin = begin
      self.tell = tell
    }
  }

  private let store: ScheduleStore
  private let hands: Hands

  public init(store: ScheduleStore, hands: Hands) {
    self.store = store
    self.hands = hands
  }

  /// Takes the due steps of one schedule, and brings its record up to date.
  ///
  /// - Returns: when it wants to be looked at again, in Unix seconds; infinity for the next look at all schedules.
  public func advance(_ record: inout ScheduleRecord, _ schedule: Schedule) async throws -> Double {
    var skipped: Skipped?
    var state = record.state
    while !hands.isStopped() {
      let now = Int64(hands.now().rounded(.down))
      let decision = ScheduleDecision(
        schedule,
        state,
        now: now,
        isRunning: state.next.runTime <= now ? try hands.isRunning(record) : false
      )
      switch decision.step {
      case .wait(let moment):
        _ = try keep(skipped, state, &record, schedule)
        return Double(moment)
      case .ended, .waitForRunning:
        _ = try keep(skipped, state, &record, schedule)
        return .infinity
      case .skip(let time, let reason):
        skipped = Skipped(
          first: skipped?.first ?? time,
          last: time,
          count: (skipped?.count ?? 0) + 1,
          reason: reason
        )
        state = decision.after
      case .fire(let time):
        guard try keep(skipped, state, &record, schedule) else { return .infinity }
        skipped = nil
        guard try await hands.begin(record, time) else { return .infinity }
        state = decision.after
        guard try move(&record, to: state) else { return .infinity }
      }
    }
    _ = try keep(skipped, state, &record, schedule)
    return .infinity
  }

  /// Skipped sessions are kept in one go: there may be thousands.
  private func keep(
    _ skipped: Skipped?,
    _ state: ScheduleState,
    _ record: inout ScheduleRecord,
    _ schedule: Schedule
  ) throws -> Bool {
    guard let skipped else { return true }
    let last = SessionTime(skipped.last.sessionTime, in: schedule.zone).text
    guard try move(&record, to: state, skip: "\(last): \(skipped.reason)") else { return false }
    hands.tell(record, skipped)
    return true
  }

  /// False when somebody else moved the schedule meanwhile: the next look goes on from there.
  private func move(
    _ record: inout ScheduleRecord,
    to state: ScheduleState,
    skip: String? = nil
  ) throws -> Bool {
    if try store.move(&record, to: state, skip: skip) { return true }
    if let moved = try store.record(record.id) { record = moved }
    return false
  }
}

extension ScheduleDecision.SkipReason: CustomStringConvertible {
  /// In words, as `skip_delayed_by: 3661 seconds late`.
  public var description: String {
    switch self {
    case .overtime: "skip_on_overtime: an attempt was still running"
    case .delayed(let seconds): "skip_delayed_by: \(seconds) seconds late"
    }
  }
}
