import Access
import Foundation
import Projects
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// Accepts attempts of a server: what is accepted is a row of the database, and runs whatever happens to the process.
struct AttemptIntake: Sendable {
  /// An attempt with all that is known of it.
  struct Order: Sendable {
    let definition: WorkflowDefinition
    let revision: Revision
    /// Unix seconds; nil makes a session for now that nobody had before.
    let sessionTime: Int64?
    /// The retry name; empty for the first attempt of a session.
    var name = ""
    var parameters: ObjectValue = [:]
    var rule: ResumeRule?
    var account: Int64?
    /// When it was due, in Unix seconds; nil when it is asked for.
    var runTime: Int64?
  }

  let store: AttemptStore
  let history: AttemptHistory
  let source: ProjectSource
  let queue: AttemptQueue
  let limits: AttemptLimits

  /// Accepts an attempt, once: the same order again gives the attempt that there is.
  ///
  /// - Throws: `ServerError` `busy` while the server stops, `conflict` while another attempt of the session runs, `refused`
  ///   for a workflow with too many tasks.
  func accept(_ order: Order) throws -> (attempt: Int64, isNew: Bool) {
    guard !queue.isStopped else {
      throw ServerError(.busy, "the server is stopping", hint: "try again when it is back")
    }
    var machine = try machine(order)
    let project = order.revision.project
    let newID = UUID().uuidString.lowercased()
    let workflow = order.definition.name
    let session =
      try order.sessionTime.map {
        try store.session(project: project, workflow: workflow, time: $0, newID: newID)
      }
      ?? store.newSession(
        project: project,
        workflow: workflow,
        from: Int64(Wiring.now()),
        newID: newID
      )
    var new = NewAttempt(
      session: session.id,
      definition: order.definition,
      parameters: order.parameters,
      name: order.name,
      resumedFrom: order.rule
    )
    new.revision = order.revision.id
    new.account = order.account
    new.runTime = order.runTime
    do {
      let begun = try store.beginOnce(new, &machine, at: Wiring.now())
      if begun.isNew { queue.add([begun.attempt]) }
      return begun
    } catch let error as EngineError where error.code == .conflict {
      throw ServerError(.conflict, error.message, hint: "wait for its end, or kill it")
    }
  }

  private func machine(_ order: Order) throws -> AttemptStateMachine {
    var machine: AttemptStateMachine
    do {
      machine = try AttemptStateMachine(root: order.definition.root, limits: limits)
    } catch {
      throw ServerError(.refused, error.description)
    }
    if let rule = order.rule { _ = machine.takeOver(try store.finishedTasks(by: rule)) }
    return machine
  }

  /// The workflow of a revision.
  ///
  /// - Throws: `ServerError` `notFound` with the nearest name.
  func definition(_ name: String, of revision: Revision) throws -> WorkflowDefinition {
    let workflows = try source.workflows(revision)
    if let found = workflows.first(where: { $0.name == name }) { return found }
    let near = Suggestion.nearest(to: name, among: workflows.map(\.name), limit: 1).first
    throw ServerError(
      .notFound,
      "there is no workflow `\(name)` in revision `\(revision.name)` of project `\(revision.projectName)`",
      hint: near.map { "did you mean `\($0)`?" }
    )
  }

  /// A revision of a project: the latest, or one of its own.
  ///
  /// - Throws: `ServerError` `notFound`.
  func revision(_ number: Int64?, of project: Int64) throws -> Revision {
    guard let latest = try source.latest(project) else {
      throw ServerError(.notFound, "there is no project \(project)")
    }
    guard let number else { return latest }
    if let found = try source.revision(number), found.project == project { return found }
    throw ServerError(.notFound, "project \(project) has no revision \(number)")
  }
}
