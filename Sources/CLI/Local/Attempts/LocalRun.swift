import Foundation
import Storage
import Values
import WorkflowEngine
import WorkflowLanguage

/// An attempt on this machine, from the session's time to the report.
struct LocalRun {
  let host: LocalHost
  let project: OpenProject
  let request: RunRequest
  /// The attempt that requires this one.
  var requiredBy: LocalHost.Key?

  /// Begins the attempt: its session is locked, its rows are there, nothing runs yet.
  ///
  /// - Throws: ``CommandFailure`` for what stands in the way, `TaskFailure` when the workflow has too many tasks.
  func begin() async throws -> BegunAttempt {
    // A dry run leaves nothing behind that a later run could take for done.
    let store =
      request.isDryRun ? try AttemptStore(database: SQLDatabase.inMemory()) : project.store
    var opening = try SessionOpening(project: project.project, request: request, store: store)
    let lock =
      request.isDryRun
      ? nil : try await SessionLock.taken(project: project.project, session: opening.session.id)
    try opening.lookAgain(in: store)
    let start = try AttemptStart(opening, request, host.settings.limits, store, project.abandoned)
    let attempt = start.claim.attempt
    let voice = AttemptVoice(
      console: host.console,
      log: request.isDryRun
        ? nil
        : try AttemptLog(
          file: project.project.log(of: attempt),
          outputLimit: host.settings.outputLimit,
          now: Wiring.now
        ),
      attempt: attempt
    )
    let secrets = host.settings.secrets
    let setup = AttemptSetup(
      project: project,
      settings: host.settings,
      opening: opening,
      start: start,
      voice: voice,
      secrets: { secrets[$0] }
    )
    let runner = AttemptRunner(
      machine: start.machine,
      environment: try setup.environment(isRehearsal: request.isDryRun),
      journal: store.journal(of: start.claim),
      deadline: request.isDryRun ? nil : try setup.deadline(runTime: request.runTime)
    )
    let key = LocalHost.Key(state: project.project.state, attempt: attempt)
    host.add(runner, key, requiredBy: requiredBy)
    return BegunAttempt(
      host: host,
      key: key,
      lock: lock,
      opening: opening,
      start: start,
      runner: runner,
      voice: voice,
      summary: RunSummary(voice: voice, request: request, opening: opening, start: start)
    )
  }

  /// Begins the attempt and runs it to its end.
  ///
  /// With `closingOthers`, attempts of other sessions whose process is gone are recorded as ended, but for those that this one
  /// waited for when it was cut off: it goes on with them.
  func perform(closingOthers: Bool) async throws -> AttemptReport {
    let begun: BegunAttempt
    do {
      begun = try await begin()
    } catch let failure as TaskFailure {
      StandardError.line("error: \(failure)")
      return AttemptReport(status: .rejected, diagnostics: [Diagnostic(.error, failure.message)])
    }
    if closingOthers, !request.isDryRun {
      let needed = try project.history.required(by: begun.key.attempt)
      try project.abandoned.closeOthers(than: begun.opening.session.id, needed: needed)
    }
    return try await begun.run()
  }
}

/// An attempt that is ready to run.
struct BegunAttempt: Sendable {
  let host: LocalHost
  let key: LocalHost.Key
  /// Held until the attempt has ended.
  let lock: SessionLock?
  let opening: SessionOpening
  let start: AttemptStart
  let runner: AttemptRunner
  let voice: AttemptVoice
  let summary: RunSummary

  /// Runs the attempt to its end.
  func run() async throws -> AttemptReport {
    defer {
      host.remove(key)
      host.console.forget(key.attempt)
      withExtendedLifetime(lock) {}
    }
    summary.begin()
    let began = Wiring.now()
    let status = try await voice.accompany(runner)
    let tree = await runner.tree
    let ended = Wiring.now()
    summary.end(status, tree: tree, seconds: ended - began)
    return summary.report(
      status,
      tree: tree,
      identity: opening.identity(of: start),
      began: began,
      ended: ended
    )
  }
}
