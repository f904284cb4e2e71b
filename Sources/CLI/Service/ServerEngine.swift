import Server
import Storage
import Synchronization
import WorkflowEngine

/// Everything of a server that runs attempts: accepts them, runs them, fires schedules.
///
/// ```
/// let engine = try ServerEngine(state: "/data", database: database, source: source, people: people, options: options)
/// async let _ = engine.run()          // until it is drained
/// engine.drain(grace: .seconds(30))   // nothing is started any more, run() returns at last
/// ```
final class ServerEngine: Sendable {
  /// What is set at the start of the server.
  struct Options: Sendable {
    let settings: RunSettings
    /// Attempts that run at the same time.
    let mostAttempts: Int
    /// For lines about the server, and two about each attempt.
    let console: ProgressConsole
    /// What tasks may reach.
    let isolation: TaskIsolation
    /// Where people reach the server.
    let address: PublicAddress
  }

  let attempts: AttemptControl
  let schedules: ScheduleControl
  private let queue: AttemptQueue
  private let host: ServerHost
  private let scheduler: ServerScheduler
  private let drains: AsyncStream<Duration>
  private let newDrains: AsyncStream<Duration>.Continuation

  /// - Parameters:
  ///   - state: the data folder, absolute.
  ///   - database: its database; nobody else opens the file.
  ///   - source: where projects come from.
  ///   - people: secrets and accounts.
  ///   - options: limits.
  /// - Throws: `StorageError`, and ``CommandFailure`` for a setting of the user's configuration that cannot be used.
  init(
    state: String,
    database: SQLDatabase,
    source: ProjectSource,
    people: ServerHost.People,
    options: Options
  ) throws {
    queue = AttemptQueue(places: options.mostAttempts)
    let intake = AttemptIntake(
      store: try AttemptStore(database: database),
      history: AttemptHistory(database: database),
      source: source,
      queue: queue,
      limits: options.settings.limits
    )
    var place = LocalProject(files: state, state: state, name: "")
    place.isConfined = options.isolation.files == .project
    let project = place
    let address = options.address
    let shared = try OpenProject(
      project,
      database: database,
      required: ServerRequirements(intake: intake, state: state).attempts,
      pageAddress: { attempt, file in
        address.notebook(attempt, file: file, in: project.attempt(attempt))
      }
    )
    host = ServerHost(
      intake: intake,
      shared: shared,
      settings: options.settings,
      people: people,
      console: options.console,
      isolation: options.isolation
    )
    scheduler = ServerScheduler(
      intake: intake,
      schedules: try ScheduleStore(database: database),
      backfills: try BackfillStore(database: database),
      console: options.console
    )
    attempts = intake.control
    schedules = scheduler.control
    (drains, newDrains) = AsyncStream.makeStream(of: Duration.self)
  }

  /// Runs attempts and schedules until ``drain(grace:)``, or until its task is cancelled, which leaves all as it stands.
  func run() async throws {
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          try await self.host.run()
          return true
        }
        group.addTask { [scheduler] in
          do { try await scheduler.run() } catch is CancellationError { return false }
          return false
        }
        group.addTask { await self.enforceGrace() }
        defer { group.cancelAll() }
        while let isOver = try await group.next() { if isOver { return } }
      }
    } onCancel: {
      queue.stop()
      queue.suspend(cancelling: true)
    }
  }

  /// Starts nothing any more and lets running tasks end; what still runs after the grace period is cancelled.
  ///
  /// Attempts that have not ended stay `running` in the database and go on with the next start. Returns at once.
  func drain(grace: Duration) {
    queue.stop()
    newDrains.yield(grace)
  }

  /// Cancels what runs when the grace period of a drain is over.
  private func enforceGrace() async -> Bool {
    for await grace in drains {
      do { try await Task.sleep(for: grace) } catch { break }  // all has ended before
      queue.suspend(cancelling: true)
    }
    return false
  }
}
