import Operators
import Storage
import Tracking
import WorkflowEngine

/// A project that attempts are run in: its store, and the operators that work on it.
struct OpenProject: Sendable {
  let project: LocalProject
  let database: SQLDatabase
  let store: AttemptStore
  let history: AttemptHistory
  let operators: [String: any Operator]

  init(_ project: LocalProject, required: RequiredAttempts) throws {
    try project.makeState()
    self.project = project
    database = try Wiring.database(of: project)
    store = try AttemptStore(database: database)
    history = AttemptHistory(database: database)
    operators = try Wiring.operators(of: project, database: database, required: required)
  }

  var abandoned: AbandonedAttempts {
    AbandonedAttempts(project: project, store: store) {
      try Wiring.tracking(of: project, database: database)
    }
  }
}
