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
  static func warehouse(of project: LocalProject) -> DuckDBWarehouse {
    let home = Home.ofThisProcess()
    var settings = WarehouseSettings(
      databaseFile: project.warehouse,
      libraryFolder: home.libraries,
      translator: [home.sqlPython, home.translator],
      cacheFolder: project.cache + "/sql"
    )
    settings.owner = CommandLine.arguments.prefix(3).joined(separator: " ")
    return DuckDBWarehouse(settings: settings)
  }

  static func database(of project: LocalProject) throws -> SQLDatabase {
    try SQLDatabase(path: project.database, durability: .process)
  }

  static func templates() -> TemplateEngine {
    TemplateEngine(momentFile: Home.ofThisProcess().moment)
  }

  static var now: @Sendable () -> Double { { Date().timeIntervalSince1970 } }
}

extension Wiring {
  /// The operators of a local run; what they need is opened when a task first uses it.
  static func operators(of project: LocalProject, database: SQLDatabase) -> [String: any Operator] {
    let home = Home.ofThisProcess()
    let environment = ProcessInfo.processInfo.environment
    let account = TrackingAccount(
      userName: environment["TADORU_USER"] ?? NSUserName(), email: environment["TADORU_USER_EMAIL"]
    ) {
      try TrackingStore(
        database: database, artifacts: ArtifactStore(root: project.artifacts),
        clock: { UnixTime(milliseconds: Int64(now() * 1000)) }, ids: { UUID() })
    }
    return OperatorCatalog(
      notebooks: NotebookServices(
        runtime: PythonRuntime(root: home.runtimes), catalog: NotebookCatalog(folder: home.notebooks),
        warehouse: warehouse(of: project), account: account)
    ).operators
  }
}
