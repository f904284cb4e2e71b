import Foundation
import Storage
import Values
import WorkflowEngine
import WorkflowLanguage

/// One run of a workflow on this machine, from the session's time to the report.
struct LocalRun {
  let project: LocalProject
  let request: RunRequest

  struct Outcome {
    let report: AttemptReport
  }

  /// Runs the attempt to its end.
  ///
  /// - Throws: ``CommandFailure`` for what stands in the way before the first task.
  func perform() async throws -> Outcome {
    try project.makeState()
    let database = try Wiring.database(of: project)
    // A dry run leaves nothing behind that a later run could take for done.
    let store = try AttemptStore(database: request.isDryRun ? .inMemory() : database)
    var opening = try SessionOpening(project: project, request: request, store: store)
    let lock =
      request.isDryRun
      ? nil : try await SessionLock.taken(project: project, session: opening.session.id)
    defer { withExtendedLifetime(lock) {} }
    try opening.lookAgain(in: store)
    let abandoned = AbandonedAttempts(project: project, store: store) {
      try Wiring.tracking(of: project, database: database)
    }
    if !request.isDryRun { try abandoned.closeOthers(than: opening.session.id) }
    let start: AttemptStart
    do {
      start = try AttemptStart(opening, request, store, abandoned)
    } catch let failure as TaskFailure {
      StandardError.line("error: \(failure)")
      return Outcome(
        report: AttemptReport(status: .rejected, diagnostics: [Diagnostic(.error, failure.message)])
      )
    }
    return try await run(start, opening, store: store, database: database)
  }

  private func run(
    _ start: AttemptStart,
    _ opening: SessionOpening,
    store: AttemptStore,
    database: SQLDatabase
  ) async throws -> Outcome {
    let attempt = start.claim.attempt
    let folder = project.attempt(attempt)
    let voice = try voice(of: attempt)
    let identity = opening.identity(attempt: attempt)
    let operators = request.isDryRun ? [:] : try Wiring.operators(of: project, database: database)
    let builtIns = try opening.builtIns(attempt: attempt, parameters: start.parameters)
    let secrets = request.secrets
    let environment = AttemptEnvironment(
      identity: identity,
      operators: operators,
      templates: Wiring.templates(),
      sessionParameters: start.parameters,
      builtIns: { name in
        var variables = builtIns
        variables["task_name"] = .string(name)
        return variables
      },
      secrets: { secrets[$0] },
      projectDirectory: project.directory,
      attemptDirectory: folder,
      workers: request.workers,
      now: Wiring.now,
      listener: voice.listener,
      isRehearsal: request.isDryRun
    )
    let runner = AttemptRunner(
      machine: start.machine,
      environment: environment,
      journal: store.journal(of: start.claim)
    )
    let summary = RunSummary(voice: voice, request: request, opening: opening, start: start)
    summary.begin()
    let began = Wiring.now()
    let status = try await withInterrupts(runner, voice)
    let tree = await runner.tree
    summary.end(status, tree: tree, seconds: Wiring.now() - began)
    return Outcome(
      report: summary.report(
        status,
        tree: tree,
        identity: identity,
        began: began,
        ended: Wiring.now()
      )
    )
  }

  private func voice(of attempt: Int64) throws -> AttemptVoice {
    AttemptVoice(
      console: ProgressConsole(
        format: request.logFormat,
        minimum: request.logLevel,
        now: Wiring.now
      ),
      log: request.isDryRun
        ? nil
        : try AttemptLog(
          file: project.log(of: attempt),
          outputLimit: request.outputLimit,
          now: Wiring.now
        ),
      attempt: attempt
    )
  }

  /// Runs with the list of running tasks on a terminal; the first SIGINT or SIGTERM kills the attempt.
  private func withInterrupts(
    _ runner: AttemptRunner,
    _ voice: AttemptVoice
  ) async throws -> AttemptStatus {
    let signals = InterruptSignals {
      voice.note(.warning, "killing the attempt; once more to leave at once")
      runner.kill()
    }
    defer { signals.stop() }
    return try await withThrowingTaskGroup(of: AttemptStatus?.self) { group in
      group.addTask {
        await voice.console.animate()
        return nil
      }
      group.addTask {
        await voice.keepUp(now: Wiring.now)
        return nil
      }
      group.addTask { try await runner.run() }
      defer { group.cancelAll() }
      while let status = try await group.next() {
        if let status { return status }
      }
      return .error
    }
  }
}
