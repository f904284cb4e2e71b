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
    let store = try AttemptStore(database: database)
    let tracking = { try Wiring.tracking(of: project, database: database) }
    for attempt in try AbandonedAttempts(project: project, store: store, account: tracking).close()
    {
      StandardError.line(
        "attempt \(attempt) was cut off when its process ended; it is recorded as failed"
      )
    }
    let opening = try SessionOpening(project: project, request: request, store: store)
    let lock = try SessionLock.taken(project: project, session: opening.session.id)
    defer { withExtendedLifetime(lock) {} }

    var machine: AttemptStateMachine
    do {
      machine = try AttemptStateMachine(root: request.definition.root, taskLimit: request.taskLimit)
    } catch {
      StandardError.line("error: \(error)")
      return Outcome(
        report: AttemptReport(status: .rejected, diagnostics: [Diagnostic(.error, error.message)])
      )
    }
    let taken = try takeOver(opening, store, &machine)
    let attempt = try store.beginAttempt(
      session: opening.session.id,
      parameters: request.parameters,
      timezone: opening.zone.id,
      at: Wiring.now()
    )
    return try await run(
      machine,
      opening,
      attempt: attempt,
      taken: taken,
      store: store,
      database: database
    )
  }

  /// Brings in what succeeded in the last attempt of the session, less what is to run again.
  private func takeOver(
    _ opening: SessionOpening,
    _ store: AttemptStore,
    _ machine: inout AttemptStateMachine
  ) throws -> Int {
    let selection = try TaskSelection(request.repetition, in: machine.tree)
    if let goal = selection.goal { machine.holdBack(beyond: goal) }
    guard let last = opening.session.lastAttempt, !request.isDryRun else { return 0 }
    let finished = try store.finishedTasks(of: last).filter { !selection.runsAgain($0.fullName) }
    return finished.isEmpty ? 0 : machine.takeOver(finished)
  }

  private func run(
    _ machine: AttemptStateMachine,
    _ opening: SessionOpening,
    attempt: Int64,
    taken: Int,
    store: AttemptStore,
    database: SQLDatabase
  ) async throws -> Outcome {
    let folder = project.attempt(attempt)
    let console = ProgressConsole(
      format: request.logFormat,
      minimum: request.logLevel,
      log: try AttemptLog(folder: folder),
      now: Wiring.now
    )
    let identity = opening.identity(attempt: attempt)
    let operators = request.isDryRun ? [:] : try Wiring.operators(of: project, database: database)
    let builtIns = try opening.builtIns(attempt: attempt, parameters: request.parameters)
    let secrets = request.secrets
    let environment = AttemptEnvironment(
      identity: identity,
      operators: operators,
      templates: Wiring.templates(),
      sessionParameters: request.parameters,
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
      listener: console.listener,
      isRehearsal: request.isDryRun
    )
    let runner = AttemptRunner(
      machine: machine,
      environment: environment,
      journal: store.journal(of: attempt)
    )
    let summary = RunSummary(console: console, request: request, opening: opening, attempt: attempt)
    summary.begin(taken: taken)
    let began = Wiring.now()
    let status = try await withInterrupts(runner, console)
    try store.endAttempt(attempt, status: status, at: Wiring.now())
    let tree = await runner.tree
    summary.end(status, tree: tree, seconds: Wiring.now() - began, folder: folder)
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

  /// Runs with the list of running tasks on a terminal; the first SIGINT or SIGTERM kills the attempt.
  private func withInterrupts(
    _ runner: AttemptRunner,
    _ console: ProgressConsole
  ) async throws -> AttemptStatus {
    let signals = InterruptSignals {
      console.note(.warning, "killing the attempt; once more to leave at once")
      runner.kill()
    }
    defer { signals.stop() }
    return try await withThrowingTaskGroup(of: AttemptStatus?.self) { group in
      group.addTask {
        await console.animate()
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
