import Values
import WorkflowEngine
import WorkflowLanguage

/// What the runner of an attempt is given, on this machine and on a server.
struct AttemptSetup {
  let project: OpenProject
  let settings: RunSettings
  let opening: SessionOpening
  let start: AttemptStart
  let voice: AttemptVoice
  let secrets: @Sendable (String) -> Secret?
  /// For whom it runs; nil for the person at this machine.
  var owner: AttemptOwner?

  func environment(isRehearsal: Bool = false) throws -> AttemptEnvironment {
    let builtIns = try opening.builtIns(start, parameters: start.parameters)
    var identity = opening.identity(of: start)
    identity.owner = owner
    return AttemptEnvironment(
      identity: identity,
      operators: isRehearsal ? [:] : project.operators,
      templates: Wiring.templates(),
      sessionParameters: start.parameters,
      builtIns: { name in
        var variables = builtIns
        variables["task_name"] = .string(name)
        return variables
      },
      secrets: secrets,
      projectDirectory: project.project.directory,
      attemptDirectory: project.project.attempt(start.claim.attempt),
      workers: settings.workers,
      now: Wiring.now,
      listener: voice.listener,
      isRehearsal: isRehearsal
    )
  }

  /// When `sla:` of the workflow is over, counted from when the attempt was due, in Unix seconds; nil for when it began.
  func deadline(runTime: Int64?) throws -> AttemptDeadline? {
    let definition = start.definition
    guard let raw = definition.sla,
      let level = ServiceLevel.read(raw, of: definition.root, warn: { voice.note(.warning, $0) })
    else { return nil }
    let time = try level.deadline(
      runTime: runTime.map(Double.init) ?? start.began,
      began: start.began,
      zone: opening.zone
    )
    return AttemptDeadline(time: time, tasks: level.tasks)
  }
}
