import Foundation
import Operators
import Values
import WorkflowEngine
import WorkflowLanguage

/// Attempts of other workflows, as tasks of one project on this machine require them.
///
/// They run in this process, in the same project or in one whose folder lies beside it.
struct LocalRequirements: Sendable {
  let host: LocalHost
  let project: LocalProject

  var attempts: RequiredAttempts {
    RequiredAttempts(
      find: { try await find($0) },
      start: { try await start($0, isRepeat: $1) },
      standing: { try await standing($0, asker: $1) }
    )
  }

  private func find(
    _ request: RequiredAttempts.Request
  ) async throws -> RequiredAttempts.Standing? {
    let (open, _) = try wanted(request.workflow, in: folder(request))
    guard let found = try attempts(of: request, open).last else { return nil }
    return try await standing(reference(found.id, open), asker: request.asker)
  }

  private func start(
    _ request: RequiredAttempts.Request,
    isRepeat: Bool
  ) async throws -> RequiredAttempts.Standing {
    let (open, definition) = try wanted(request.workflow, in: folder(request))
    var run = RunRequest(definition: definition, session: .at(request.sessionTime))
    run.parameters = request.parameters
    run.showsNextStep = false
    if isRepeat {
      run.earlier = .resumed(nil)
      run.name = try attempts(of: request, open).freeName
    }
    return try await begin(run, in: open, for: request.asker)
  }

  private func begin(
    _ run: RunRequest,
    in open: OpenProject,
    for asker: AttemptIdentity
  ) async throws -> RequiredAttempts.Standing {
    let begun: BegunAttempt
    do {
      begun = try await LocalRun(
        host: host,
        project: open,
        request: run,
        requiredBy: key(of: asker)
      ).begin()
    } catch let failure as CommandFailure {
      // Somebody else may have begun it in this moment.
      if let other = try open.history.attempts(
        project: open.store.project(named: open.project.name),
        workflow: run.definition.name,
        sessionTime: run.session.fixedTime ?? 0
      ).last, other.status == .running,
        try SessionLock.isHeld(project: open.project, session: other.session)
      {
        return try await standing(reference(other.id, open), asker: asker)
      }
      throw TaskFailure(
        .runtime,
        "Dependent workflow `\(run.definition.name)` cannot be started: \(failure.message)"
      )
    }
    host.start {
      do {
        _ = try await begun.run()
      } catch {
        begun.voice.note(.error, "\(error)")
      }
    }
    return RequiredAttempts.Standing(
      reference: reference(begun.key.attempt, open),
      name: "attempt \(begun.key.attempt)",
      status: .running
    )
  }

  private func standing(
    _ reference: ObjectValue,
    asker: AttemptIdentity
  ) async throws -> RequiredAttempts.Standing {
    let (open, id) = try referred(reference)
    guard let found = try open.history.attempt(id) else {
      throw TaskFailure(
        .runtime,
        "Dependent workflow failed: attempt \(id) is gone from `\(open.project.directory)`"
      )
    }
    if found.status == .running {
      if try !SessionLock.isHeld(project: open.project, session: found.session),
        try open.history.attempt(id)?.status == .running
      {
        return try await goOn(found, in: open, for: asker)
      }
      try RequirementCircle(asker: asker, state: project.state) { [host] in
        let (open, id) = try Self.referred($0, from: $1.project, host)
        return (open.place, id)
      }.refuse(from: found, in: open.place)
      host.note(
        key(of: asker),
        waitsFor: LocalHost.Key(state: open.project.state, attempt: id)
      )
    }
    return RequiredAttempts.Standing(
      reference: reference,
      name: "attempt \(id)",
      status: found.status
    )
  }

  /// Goes on with an attempt whose process is gone.
  private func goOn(
    _ attempt: AttemptSummary,
    in open: OpenProject,
    for asker: AttemptIdentity
  ) async throws -> RequiredAttempts.Standing {
    let (_, definition) = try wanted(attempt.workflow, in: open.project)
    var run = RunRequest(definition: definition, session: .at(attempt.sessionTime))
    run.parameters = attempt.parameters
    run.showsNextStep = false
    return try await begin(run, in: open, for: asker)
  }

  private func attempts(
    of request: RequiredAttempts.Request,
    _ open: OpenProject
  ) throws -> [AttemptSummary] {
    try open.history.attempts(
      project: open.store.project(named: open.project.name),
      workflow: request.workflow,
      sessionTime: request.sessionTime
    )
  }

  private func key(of asker: AttemptIdentity) -> LocalHost.Key {
    LocalHost.Key(state: project.state, attempt: asker.attemptID)
  }
}

extension LocalRequirements {
  private func wanted(
    _ name: String,
    in place: LocalProject
  ) throws -> (OpenProject, WorkflowDefinition) {
    let loaded = ProjectLoader.load(directory: place.directory)
    if let problem = loaded.errors.first {
      throw TaskFailure(
        .config,
        "Dependent workflow `\(name)` cannot be loaded: \(problem)"
      )
    }
    guard let workflow = loaded.workflows.first(where: { $0.name == name }) else {
      throw TaskFailure.missing(name, among: loaded.workflows.map(\.name), of: place.name)
    }
    return (try host.open(place), workflow)
  }

  private func folder(_ request: RequiredAttempts.Request) throws -> LocalProject {
    switch request.project {
    case .own: return project
    case .number(let number):
      if number == request.asker.projectID { return project }
      throw TaskFailure(
        .config,
        "Dependent workflow does not exist: a local run knows no project \(number), only its own, \(request.asker.projectID)",
        detail: "`project_name` names a project folder beside this one"
      )
    case .named(let name):
      if name == project.name { return project }
      let beside = URL(filePath: project.directory).deletingLastPathComponent()
      guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."),
        !name.unicodeScalars.contains("\0")
      else {
        throw TaskFailure(.config, "`project_name` must be the name of a folder, found `\(name)`")
      }
      do throws(CommandFailure) {
        return try LocalProject.found(beside.appending(path: name).path(percentEncoded: false))
      } catch {
        throw TaskFailure(
          .config,
          "Dependent workflow does not exist: there is no project `\(name)` beside `\(project.directory)`"
        )
      }
    }
  }

  /// How an attempt is found again; only one of another project names its folder, so that projects can be moved.
  private func reference(_ attempt: Int64, _ open: OpenProject) -> ObjectValue {
    open.project.directory == project.directory
      ? ["id": .int(attempt)]
      : ["id": .int(attempt), "project": .string(open.project.directory)]
  }

  private func referred(_ reference: ObjectValue) throws -> (OpenProject, Int64) {
    try Self.referred(reference, from: project, host)
  }

  private static func referred(
    _ reference: ObjectValue,
    from project: LocalProject,
    _ host: LocalHost
  ) throws -> (OpenProject, Int64) {
    let place = reference["project"]?.string.map { LocalProject($0) } ?? project
    return (try host.open(place), reference["id"]?.int ?? 0)
  }
}
