import Operators
import Storage
import Tracking
import WorkflowEngine

/// A project that attempts are run in: its store, and the operators that work on it.
struct OpenProject: Sendable {
  private(set) var project: LocalProject
  let database: SQLDatabase
  let store: AttemptStore
  let history: AttemptHistory
  let operators: [String: any Operator]

  init(_ project: LocalProject, required: RequiredAttempts) throws {
    try project.makeState()
    let database = try Wiring.database(of: project)
    try self.init(project, database: database, required: required)
  }

  /// With a database that others use too.
  init(
    _ project: LocalProject,
    database: SQLDatabase,
    required: RequiredAttempts,
    pageAddress: @escaping @Sendable (Int64, String) -> String = NotebookServices.fileAddress
  ) throws {
    self.project = project
    self.database = database
    store = try AttemptStore(database: database)
    history = AttemptHistory(database: database)
    operators = try Wiring.operators(
      of: project,
      database: database,
      required: required,
      pageAddress: pageAddress
    )
  }

  /// Other files with the same state: database, warehouse and operators are shared.
  func with(_ project: LocalProject) -> OpenProject {
    precondition(project.state == self.project.state, "what is shared belongs to one state folder")
    var other = self
    other.project = project
    return other
  }

  var abandoned: AbandonedAttempts {
    AbandonedAttempts(project: project, store: store) {
      try Wiring.tracking(of: project, database: database)
    }
  }
}

extension OpenProject {
  var place: RequirementCircle.Place {
    RequirementCircle.Place(project: project, history: history)
  }
}
