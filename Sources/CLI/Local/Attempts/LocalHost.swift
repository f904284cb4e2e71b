import Foundation
import Operators
import Synchronization
import WorkflowEngine

/// Runs attempts in this process, and those that they require.
///
/// An attempt that only others required is ended with the last of them.
final class LocalHost: Sendable {
  /// An attempt of one of the projects.
  struct Key: Hashable, Sendable {
    /// The state folder: attempts are numbered in each.
    let state: String
    let attempt: Int64
  }

  private struct Running {
    let runner: AttemptRunner
    /// The attempts that wait for it; nil when it was asked for by itself.
    var requiredBy: Set<Key>?
  }

  private struct State {
    var projects: [String: OpenProject] = [:]
    var running: [Key: Running] = [:]
    var isKilled = false
  }

  typealias Job = @Sendable () async -> Void

  let settings: RunSettings
  let console: ProgressConsole
  private let state = Mutex(State())
  private let jobs: AsyncStream<Job>
  private let newJobs: AsyncStream<Job>.Continuation

  init(settings: RunSettings, console: ProgressConsole) {
    self.settings = settings
    self.console = console
    (jobs, newJobs) = AsyncStream.makeStream(of: Job.self)
  }

  /// Runs the body and the jobs that it leads to, and waits for both.
  ///
  /// The first SIGINT or SIGTERM means `interrupted`, to kill all attempts unless given; the second ends the process.
  func serve<Result: Sendable>(
    interrupted: (@Sendable () -> Void)? = nil,
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let signals = InterruptSignals {
      if let interrupted { return interrupted() }
      self.note(.warning, "killing the attempt; once more to leave at once")
      self.kill()
    }
    defer { signals.stop() }
    async let _ = console.animate()
    async let work: Void = workOff()
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
      kill()
    }
    newJobs.finish()
    await work
    return try result.get()
  }

  /// Runs something beside what goes on.
  func start(_ job: @escaping Job) { newJobs.yield(job) }

  private func workOff() async {
    await withDiscardingTaskGroup { group in
      for await job in jobs { group.addTask { await job() } }
    }
  }

  func note(_ level: LogLevel, _ text: String) {
    console.line(level, text, attempt: nil, task: nil)
  }
}

extension LocalHost {
  /// The project of a folder; each is opened once.
  func open(_ project: LocalProject) throws -> OpenProject {
    try state.withLock { state in
      if let open = state.projects[project.directory] { return open }
      let open = try OpenProject(
        project,
        required: LocalRequirements(host: self, project: project).attempts
      )
      state.projects[project.directory] = open
      return open
    }
  }

  /// How many attempts run.
  var attempts: Int { state.withLock { $0.running.count } }

  /// Ends every attempt, also one that is just beginning.
  func kill() {
    let runners = state.withLock { state in
      state.isKilled = true
      return state.running.values.map(\.runner)
    }
    for runner in runners { runner.kill() }
  }

  func add(_ runner: AttemptRunner, _ key: Key, requiredBy: Key?) {
    let isKilled = state.withLock { state in
      state.running[key] = Running(runner: runner, requiredBy: requiredBy.map { [$0] })
      return state.isKilled
    }
    if isKilled { runner.kill() }
  }

  /// Notes that one attempt waits for another, if that runs here.
  func note(_ asker: Key, waitsFor key: Key) {
    state.withLock { _ = $0.running[key]?.requiredBy?.insert(asker) }
  }

  /// Forgets an attempt that ended, and ends those that only it required.
  func remove(_ key: Key) {
    let orphans = state.withLock { state in
      state.running[key] = nil
      var orphans: [AttemptRunner] = []
      for (other, running) in state.running where running.requiredBy?.contains(key) == true {
        state.running[other]?.requiredBy?.remove(key)
        if running.requiredBy?.count == 1 { orphans.append(running.runner) }
      }
      return orphans
    }
    for runner in orphans { runner.kill() }
  }
}
