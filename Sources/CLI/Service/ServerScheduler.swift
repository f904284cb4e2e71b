import Projects
import Server
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Runs the due sessions of all projects of a server, with the latest revision of each.
final class ServerScheduler: Sendable {
  /// A workflow with a schedule.
  struct Scheduled: Sendable {
    let revision: Revision
    let definition: WorkflowDefinition
    let schedule: Schedule
  }

  private static let longestPause = 1.0

  let intake: AttemptIntake
  let schedules: ScheduleStore
  let backfills: BackfillStore
  let console: ProgressConsole
  /// Those of the latest revisions, by project and workflow.
  private let workflows = Mutex<[Int64: [String: Scheduled]]>([:])

  init(
    intake: AttemptIntake,
    schedules: ScheduleStore,
    backfills: BackfillStore,
    console: ProgressConsole
  ) {
    self.intake = intake
    self.schedules = schedules
    self.backfills = backfills
    self.console = console
  }

  /// Starts what is due until the queue of attempts is stopped.
  func run() async throws {
    for project in try intake.source.projects() {
      do {
        try refresh(project, from: nil)
      } catch {
        note(.error, "the schedules of project \(project) cannot be read: \(error)")
      }
    }
    while !intake.queue.isStopped {
      var wakeUp = Wiring.now() + Self.longestPause
      do {
        wakeUp = min(wakeUp, try await pass())
        try stepBackfills()
      } catch {
        note(.error, "schedules cannot be looked at, will be tried again: \(error)")
      }
      // The end of the server cancels it.
      try await Wiring.clock.sleep(min(wakeUp - Wiring.now(), Self.longestPause))
    }
  }

  /// Brings the schedules of a project up to date with its latest revision, or forgets them when it has none any more.
  ///
  /// - Parameters:
  ///   - project: its number.
  ///   - from: when schedules that are new begin, in Unix seconds; nil for now.
  /// - Throws: what the source or the database throws.
  func refresh(_ project: Int64, from: Int64?) throws {
    guard let revision = try intake.source.latest(project) else {
      workflows.withLock { $0[project] = nil }
      try backfills.forget(project: project)
      return try schedules.forget(project: project, but: [])
    }
    let now = from ?? Int64(Wiring.now().rounded(.up))
    var found: [String: Scheduled] = [:]
    for definition in try intake.source.workflows(revision) {
      guard let raw = definition.schedule else { continue }
      let schedule = try Schedule(raw, timezone: definition.timezone)
      _ = try schedules.record(project: project, workflow: definition, schedule: schedule, at: now)
      found[definition.name] = Scheduled(
        revision: revision,
        definition: definition,
        schedule: schedule
      )
    }
    try schedules.forget(project: project, but: Array(found.keys))
    workflows.withLock { $0[project] = found }
  }

  func scheduled(_ record: ScheduleRecord) -> Scheduled? {
    workflows.withLock { $0[record.project]?[record.workflow] }
  }

  /// Looks at all schedules once; gives when the first wants to be looked at again.
  private func pass() async throws -> Double {
    var wakeUp = Double.infinity
    for var record in try schedules.records() where record.disabledAt == nil {
      guard !intake.queue.isStopped, let workflow = scheduled(record) else { continue }
      guard Double(record.state.next.runTime) <= Wiring.now() else {
        wakeUp = min(wakeUp, Double(record.state.next.runTime))
        continue
      }
      do {
        wakeUp = min(
          wakeUp,
          try await due(workflow).advance(&record, workflow.schedule)
        )
      } catch {
        note(.error, "\(name(workflow)): not started, will be tried again: \(error)")
      }
    }
    return wakeUp
  }

  private func due(_ workflow: Scheduled) -> DueSessions {
    DueSessions(
      store: schedules,
      hands: DueSessions.Hands(
        now: Wiring.now,
        isStopped: { self.intake.queue.isStopped },
        isRunning: { record in
          try self.intake.history.isRunning(project: record.project, workflow: record.workflow)
        },
        begin: { try self.begin($1, workflow) },
        tell: { self.tell($1, workflow) }
      )
    )
  }

  /// False when the session is to be tried again.
  private func begin(_ time: ScheduleTime, _ workflow: Scheduled) throws -> Bool {
    guard !intake.queue.isFull else { return false }
    let earlier = try intake.history.attempts(
      project: workflow.revision.project,
      workflow: workflow.definition.name,
      sessionTime: time.sessionTime
    )
    guard earlier.isEmpty else { return true }
    var order = AttemptIntake.Order(
      definition: workflow.definition,
      revision: workflow.revision,
      sessionTime: time.sessionTime
    )
    order.account = workflow.revision.account
    order.runTime = time.runTime
    do {
      _ = try intake.accept(order)
      return true
    } catch let error as ServerError {
      switch error.code {
      case .busy: return false
      case .conflict: return true
      default:
        // Trying again would not help; the session is told and left.
        note(.error, "\(name(workflow)): the session cannot be run: \(error)")
        return true
      }
    }
  }

  private func tell(_ skipped: DueSessions.Skipped, _ workflow: Scheduled) {
    let zone = workflow.schedule.zone
    let texts = [skipped.first, skipped.last].map { SessionTime($0.sessionTime, in: zone).text }
    note(
      .warning,
      "\(name(workflow)): skipped "
        + (skipped.count == 1
          ? "session \(texts[0])" : "\(skipped.count) sessions, \(texts[0]) to \(texts[1])")
        + " (\(skipped.reason))"
    )
  }

  private func name(_ workflow: Scheduled) -> String {
    "\(workflow.revision.projectName)/\(workflow.definition.name)"
  }

  func note(_ level: LogLevel, _ text: String) {
    console.line(level, text, attempt: nil, task: nil)
  }
}
