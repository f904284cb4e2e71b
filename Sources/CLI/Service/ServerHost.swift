import Foundation
import Projects
import Storage
import Values
import WorkflowEngine
import WorkflowLanguage

/// Runs the attempts of a server: those that are accepted, and those that were unfinished when it last ended.
///
/// Each attempt runs from its rows, whether it is new or was cut off, so that a crash is nothing special.
struct ServerHost: Sendable {
  /// Who an attempt runs for, and what its tasks may know.
  struct People: Sendable {
    /// A secret of a project.
    let secrets: @Sendable (_ project: Int64, _ key: String) -> Secret?
    /// All secrets of a project, which are hidden in what its attempts say and leave behind.
    let hidden: @Sendable (_ project: Int64) throws -> [Secret]
    /// The person behind an account; nil when there is none any more.
    let owner: @Sendable (_ account: Int64) throws -> AttemptOwner?
  }

  /// How long an attempt waits for a database that cannot be used, in tenths of a second.
  private static let patience = 50

  let intake: AttemptIntake
  /// The database, the warehouse and the operators that the attempts of all projects share.
  let shared: OpenProject
  let settings: RunSettings
  let people: People
  let console: ProgressConsole
  let isolation: TaskIsolation

  /// Goes on with what is unfinished, and runs what is accepted until the queue is stopped.
  ///
  /// When it returns, no task runs any more; attempts that have not ended go on with the next start.
  func run() async throws {
    Workspace.remove(shared.project.workspaces)
    let unfinished = try intake.store.runningAttempts().map(\.id)
    if !unfinished.isEmpty {
      note(.info, "\(unfinished.count) unfinished attempts go on")
    }
    intake.queue.add(unfinished)
    await withDiscardingTaskGroup { group in
      for await attempt in intake.queue.turns {
        group.addTask { await perform(attempt) }
      }
    }
  }

  func note(_ level: LogLevel, _ text: String) {
    console.line(level, text, attempt: nil, task: nil)
  }

  private func perform(_ id: Int64) async {
    var comesBack = false
    do {
      try await runRows(of: id)
    } catch let error as EngineError where error.code == .leaseLost || error.code == .ended {
      note(.warning, error.message)
    } catch {
      comesBack = !close(id, because: error)
    }
    if comesBack {
      for _ in 0..<Self.patience where !intake.queue.isStopped {
        do { try await Task.sleep(for: .milliseconds(100)) } catch { break }  // the server ends
      }
    }
    intake.queue.leave(id)
    if comesBack { intake.queue.add([id]) }
  }

  /// Ends an attempt that cannot be run; false for one that can be run later, as when the disk is full.
  private func close(_ id: Int64, because error: any Error) -> Bool {
    note(.error, "attempt \(id): \(error)")
    guard !(error is StorageError || error is CocoaError) else { return false }
    do {
      try intake.store.endAttempt(id, status: .error, message: "\(error)", at: Wiring.now())
      return true
    } catch {
      note(.error, "attempt \(id) cannot be closed: \(error)")
      return false
    }
  }

  private func runRows(of id: Int64) async throws {
    guard let summary = try intake.history.attempt(id), summary.status == .running else { return }
    let restored = try intake.store.restore(id)
    let project = try project(of: summary)
    let claim = try intake.store.claim(
      id,
      owner: "server process \(ProcessInfo.processInfo.processIdentifier)",
      lease: AttemptStart.lease,
      at: Wiring.now(),
      evenIfHeld: true  // one server owns the data folder
    )
    let start = AttemptStart(restored, claim, limits: settings.limits)
    if start.isContinued { try project.abandoned.closeRuns(of: id) }
    var voice = AttemptVoice(
      console: console,
      log: try AttemptLog(
        file: project.project.log(of: id),
        outputLimit: settings.outputLimit,
        now: Wiring.now
      ),
      attempt: id
    )
    voice.mask = OutputMask(try people.hidden(summary.projectID))
    let opening = try SessionOpening(
      project: project.project,
      attempt: summary,
      definition: restored.definition,
      store: intake.store
    )
    let runner = AttemptRunner(
      machine: start.machine,
      environment: try environment(project, summary, opening, start, voice),
      journal: intake.store.journal(of: claim),
      deadline: try setup(project, summary, opening, start, voice)
        .deadline(runTime: restored.record.runTime)
    )
    intake.queue.note(runner, of: id)
    try await follow(runner, summary, opening, start, voice)
  }

  /// Runs an attempt to its end, with a line about its start and one about its end.
  private func follow(
    _ runner: AttemptRunner,
    _ attempt: AttemptSummary,
    _ opening: SessionOpening,
    _ start: AttemptStart,
    _ voice: AttemptVoice
  ) async throws {
    defer { console.forget(attempt.id) }
    var request = RunRequest(definition: start.definition, session: .at(attempt.sessionTime))
    request.showsNextStep = false
    var summary = RunSummary(voice: voice, request: request, opening: opening, start: start)
    summary.namesCommands = false
    let title =
      "attempt \(attempt.id) (\(attempt.project)/\(attempt.workflow), session \(opening.time.text)"
      + (attempt.name.isEmpty ? ")" : ", \(attempt.name))")
    note(.info, "\(title) \(start.isContinued ? "goes on" : "begins")")
    summary.begin()
    let began = Wiring.now()
    let status = try await voice.accompany(runner)
    let seconds = Wiring.now() - began
    summary.end(status, tree: await runner.tree, seconds: seconds)
    let words = status == .running ? "is left as it stands" : "ended: \(status.rawValue)"
    note(.info, "\(title) \(words), \(String(format: "%.1f s", seconds))")
  }

  /// The files of the attempt's own revision, whatever was pushed since.
  private func project(of attempt: AttemptSummary) throws -> OpenProject {
    guard let revision = try attempt.revision.flatMap({ try intake.source.revision($0) }) else {
      throw EngineError(.unreadable, "the revision of attempt \(attempt.id) is gone")
    }
    return shared.with(
      LocalProject(
        files: try intake.source.files(revision),
        state: shared.project.state,
        name: attempt.project
      )
    )
  }

  private func setup(
    _ project: OpenProject,
    _ attempt: AttemptSummary,
    _ opening: SessionOpening,
    _ start: AttemptStart,
    _ voice: AttemptVoice
  ) throws -> AttemptSetup {
    let (people, id) = (people, attempt.projectID)
    return AttemptSetup(
      project: project,
      settings: settings,
      opening: opening,
      start: start,
      voice: voice,
      secrets: { people.secrets(id, $0) },
      owner: try attempt.account.flatMap { try people.owner($0) }
    )
  }

  private func environment(
    _ project: OpenProject,
    _ attempt: AttemptSummary,
    _ opening: SessionOpening,
    _ start: AttemptStart,
    _ voice: AttemptVoice
  ) throws -> AttemptEnvironment {
    var environment = try setup(project, attempt, opening, start, voice).environment()
    let (files, folder) = (project.project.directory, project.project.workspaces)
    if let mask = voice.mask { environment.mask = { mask.value($0) } }
    environment.isolation = isolation
    environment.workspace = {
      try Workspace(
        copying: files,
        to: "\(folder)/\(attempt.id)-\(UUID().uuidString.lowercased())"
      )
    }
    return environment
  }
}
