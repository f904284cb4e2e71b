import Foundation
import Notebooks
import Operators
import SQLWarehouse
import Storage
import Tracking
import Values
import WorkflowEngine
import WorkflowLanguage

/// The composition root: joins the rooms for one project on this machine.
enum Wiring {
  /// Without the database that is open already, it is opened when a query asks for runs or models.
  static func warehouse(
    of project: LocalProject,
    database: SQLDatabase? = nil,
    wait: Duration? = nil
  ) -> DuckDBWarehouse {
    let home = Home.ofThisProcess()
    var settings = WarehouseSettings(
      databaseFile: project.warehouse,
      libraryFolder: home.libraries,
      translator: [home.sqlPython, home.translator],
      cacheFolder: project.cache + "/sql"
    )
    if let wait { settings.lockWait = wait }
    if project.isConfined {
      settings.fileFolders = [
        project.state + "/attempts", project.workspaces, project.state + "/jobs",
        NSTemporaryDirectory(),
      ]
    }
    settings.owner = CommandLine.arguments.prefix(3).joined(separator: " ")
    return DuckDBWarehouse(settings: settings, systemTables: systemTables(of: project, database))
  }

  /// Runs and models as tables for queries.
  private static func systemTables(
    of project: LocalProject,
    _ opened: SQLDatabase?
  ) -> SystemTables {
    SystemTables(names: TrackingSnapshot.columns.map(\.name)) { names in
      let store = try tracking(of: project, database: opened ?? database(of: project))
      return try TrackingSnapshot.tables(store, named: names).map { table in
        SystemTables.Table(
          name: table.name,
          columns: table.columns.map { TableColumn(name: $0.name, type: $0.kind.rawValue) },
          rows: table.rows
        )
      }
    }
  }

  static func database(
    of project: LocalProject,
    durability: SQLDatabase.Durability = .process
  ) throws -> SQLDatabase {
    try SQLDatabase(path: project.database, durability: durability)
  }

  static func templates() -> TemplateEngine {
    TemplateEngine(momentFile: Home.ofThisProcess().moment)
  }

  /// Unix time in seconds: that of the machine, or of the clock of a test.
  static let now: @Sendable () -> Double = clock.now

  static let clock = RunningClock(environment: ProcessInfo.processInfo.environment)
}

extension Wiring {
  /// Runs and models of a project.
  static func tracking(of project: LocalProject, database: SQLDatabase) throws -> TrackingStore {
    try TrackingStore(
      database: database,
      artifacts: ArtifactStore(root: project.artifacts),
      clock: { UnixTime(milliseconds: Int64(now() * 1000)) },
      ids: { UUID() }
    )
  }

  /// The operators of a local run; what they need is opened when a task first uses it.
  static func operators(
    of project: LocalProject,
    database: SQLDatabase,
    required: RequiredAttempts,
    pageAddress: @escaping @Sendable (Int64, String) -> String = NotebookServices.fileAddress
  ) throws -> [String: any Operator] {
    let home = Home.ofThisProcess()
    let environment = ProcessInfo.processInfo.environment
    let user = try UserConfiguration(environment: environment)
    let account = TrackingAccount(userName: user.userName, email: user.email) {
      try tracking(of: project, database: database)
    }
    let warehouse = warehouse(of: project, database: database)
    let jobs = JobNumbers(after: Int64(now() * 1000))
    return OperatorCatalog(
      warehouse: warehouse,
      notebooks: NotebookServices(
        runtime: PythonRuntime(root: home.runtimes),
        catalog: NotebookCatalog(folder: home.notebooks),
        warehouse: warehouse,
        account: account,
        pageAddress: pageAddress
      ),
      mail: try user.mailSettings(outbox: project.outbox),
      python: PythonSettings(
        runner: home.pythonRunner,
        interpreters: [PythonRuntime(root: home.runtimes).python],
        environmentsDirectory: project.cache + "/python"
      ),
      rubyRunner: home.rubyRunner,
      kept: KeptParameters(now: now, database: { database }),
      notifications: try user.notifications(),
      required: required,
      results: ResultServices(
        connections: user.connections,
        configurationFile: user.file,
        jobsFolder: project.jobs
      ),
      surroundings: OperatorSurroundings(
        environment: environment,
        temporaryDirectory: NSTemporaryDirectory(),
        clock: { Date(timeIntervalSince1970: now()) },
        newID: { UUID().uuidString.lowercased() },
        nextJobID: { jobs.next() }
      )
    ).operators
  }
}
