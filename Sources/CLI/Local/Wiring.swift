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
  /// The operators of a local run.
  static func operators(
    of project: LocalProject,
    database: SQLDatabase
  ) throws -> [String: any Operator] {
    OperatorCatalog().operators
  }
}
