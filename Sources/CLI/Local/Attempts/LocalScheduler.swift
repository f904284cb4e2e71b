import Foundation
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Runs the due sessions of one project until it is told to stop.
///
/// A session is begun, then the schedule moves on: what dies in between is found by its session, which has an attempt then.
struct LocalScheduler: Sendable {
  /// Set by a signal.
  final class Stop: Sendable {
    private let isAsked = Mutex(false)
    var isSet: Bool { isAsked.withLock { $0 } }
    func set() { isAsked.withLock { $0 = true } }
  }

  /// A workflow with its schedule.
  private struct Scheduled {
    let definition: WorkflowDefinition
    let schedule: Schedule
    var record: ScheduleRecord
  }

  /// Seconds after which changed files are seen at the latest.
  private static let reload = 30.0
  private static let longestPause = 1.0

  let host: LocalHost
  let project: OpenProject
  let schedules: ScheduleStore
  /// Attempts that run at the same time.
  let mostAttempts: Int
  let stop: Stop
  private let projectID: Int64

  init(host: LocalHost, project: OpenProject, mostAttempts: Int, stop: Stop) throws {
    self.host = host
    self.project = project
    self.mostAttempts = mostAttempts
    self.stop = stop
    schedules = try ScheduleStore(database: project.database)
    projectID = try project.store.project(named: project.project.name)
  }

  func run() async throws {
    var workflows: [Scheduled] = []
    var loadedAt = -Double.infinity
    var isFirst = true
    while !stop.isSet {
      let now = Wiring.now()
      let isDue = workflows.contains { Double($0.record.state.next.runTime) <= now }
      // The files of now are those that a due session runs.
      if isDue || now - loadedAt >= Self.reload || now < loadedAt {
        workflows = try load()
        loadedAt = now
      }
      if isFirst {
        isFirst = false
        announce(workflows)
        try await continueCutOff(workflows)
      }
      var wakeUp = now + Self.longestPause
      for index in workflows.indices where !stop.isSet {
        let due = dueSessions(of: workflows[index])
        let schedule = workflows[index].schedule
        wakeUp = min(wakeUp, try await due.advance(&workflows[index].record, schedule))
      }
      try await Wiring.clock.sleep(min(wakeUp - Wiring.now(), Self.longestPause))
    }
  }

  /// The scheduled workflows; none, with a message, while the project has errors: due sessions wait for its repair.
  private func load() throws -> [Scheduled] {
    let loaded = ProjectLoader.load(directory: project.project.directory)
    guard !loaded.isRefused else {
      let first = loaded.errors.first.map { "\($0)" } ?? ""
      host.note(
        .error,
        "the project has errors, nothing is started until they are mended: \(first)"
      )
      return []
    }
    var found: [Scheduled] = []
    for definition in loaded.workflows {
      guard let raw = definition.schedule else { continue }
      let schedule = try Schedule(raw, timezone: definition.timezone)
      let record = try schedules.record(
        project: projectID,
        workflow: definition,
        schedule: schedule,
        at: Int64(Wiring.now().rounded(.up))
      )
      found.append(Scheduled(definition: definition, schedule: schedule, record: record))
    }
    try schedules.forget(project: projectID, but: found.map(\.definition.name))
    return found
  }

  private func announce(_ workflows: [Scheduled]) {
    if workflows.isEmpty {
      host.note(.warning, "no workflow of `\(project.project.directory)` has a `schedule:`")
    }
    for workflow in workflows {
      host.note(.info, "\(workflow.definition.name): \(upcoming(workflow))")
    }
  }

  private func upcoming(_ workflow: Scheduled) -> String {
    let next = workflow.record.state.next
    guard next != .never else { return "the schedule is over" }
    let zone = workflow.schedule.zone
    return "next session \(SessionTime(next.sessionTime, in: zone).text), "
      + "runs at \(SessionTime(next.runTime, in: zone).text)"
  }
}

extension LocalScheduler {
  private func dueSessions(of workflow: Scheduled) -> DueSessions {
    DueSessions(
      store: schedules,
      hands: DueSessions.Hands(
        now: Wiring.now,
        isStopped: { stop.isSet },
        isRunning: { try isRunning($0.workflow) },
        begin: { _, time in
          guard host.attempts < mostAttempts else { return false }
          return try await fire(time, workflow)
        },
        tell: { _, skipped in tell(skipped, workflow) }
      )
    )
  }

  private func tell(_ skipped: DueSessions.Skipped, _ workflow: Scheduled) {
    let zone = workflow.schedule.zone
    let texts = [skipped.first, skipped.last].map { SessionTime($0.sessionTime, in: zone).text }
    host.note(
      .warning,
      "\(workflow.definition.name): skipped "
        + (skipped.count == 1
          ? "session \(texts[0])" : "\(skipped.count) sessions, \(texts[0]) to \(texts[1])")
        + " (`skip_delayed_by` or `skip_on_overtime`)"
    )
  }

  private func isRunning(_ workflow: String) throws -> Bool {
    try project.history.unfinishedAttempts(project: projectID, workflow: workflow).contains {
      try SessionLock.isHeld(project: project.project, session: $0.session)
    }
  }

  /// Begins the attempt of a session, if it has none; false when that is to be tried again.
  private func fire(_ time: ScheduleTime, _ workflow: Scheduled) async throws -> Bool {
    let name = workflow.definition.name
    let earlier = try project.history.attempts(
      project: projectID,
      workflow: name,
      sessionTime: time.sessionTime
    )
    guard earlier.isEmpty else {
      host.note(
        .info,
        "\(name): session \(SessionTime(time.sessionTime, in: workflow.schedule.zone).text) has an attempt already"
      )
      return true
    }
    return try await start(workflow.definition, at: time.sessionTime, runTime: time.runTime)
  }

  /// Goes on with the attempts of scheduled workflows whose process is gone.
  private func continueCutOff(_ workflows: [Scheduled]) async throws {
    for workflow in workflows {
      let name = workflow.definition.name
      for attempt in try project.history.unfinishedAttempts(project: projectID, workflow: name)
      where try !SessionLock.isHeld(project: project.project, session: attempt.session) {
        _ = try await start(workflow.definition, at: attempt.sessionTime, runTime: nil)
      }
    }
  }

  private func start(
    _ definition: WorkflowDefinition,
    at session: Int64,
    runTime: Int64?
  ) async throws -> Bool {
    var request = RunRequest(definition: definition, session: .at(session))
    request.runTime = runTime
    request.showsNextStep = false
    do {
      let begun = try await LocalRun(host: host, project: project, request: request).begin()
      host.start {
        do {
          _ = try await begun.run()
        } catch {
          begun.voice.note(.error, "\(error)")
        }
      }
      return true
    } catch let failure as TaskFailure {
      // Trying again would not help; the session is told and left.
      host.note(.error, "\(definition.name): the session cannot be run: \(failure)")
      return true
    } catch {
      host.note(.error, "\(definition.name): not started, will be tried again: \(error)")
      return false
    }
  }
}
