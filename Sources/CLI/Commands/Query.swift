public import ArgumentParser
import Foundation
public import SQLWarehouse
import Values

/// `tadoru query`: SQL against the warehouse of a project, in the dialect of the workflows.
struct Query: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs SQL in the warehouse of a project and prints the result.",
    discussion: """
      The warehouse is shared with running workflows: a query waits its turn between their statements.
      """
  )

  @Argument(help: "A statement, or a file that ends in .sql.")
  var sql: String

  @Option(help: ArgumentHelp("The project folder.", valueName: "dir"))
  var project = "."

  @Option(help: "The dialect: presto or hive.")
  var engine: SQLDialect = .presto

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The database of unqualified tables.", valueName: "name")
  )
  var database: String?

  @Option(help: "The form of the result: table, csv or json.")
  var format: ResultFormat = .table

  @Option(help: ArgumentHelp("Rows to print at most (csv and json: all).", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("Keep the query, when it succeeds, for td_run>.", valueName: "name")
  )
  var save: String?

  func run() async throws {
    let folder = try save.map { try SavedQueryFile(name: $0, project: project) }
    let statement = SQLStatement(
      text: try text(),
      dialect: engine,
      database: database,
      session: QuerySession(scheduledTime: Int64(Date().timeIntervalSince1970))
    )
    let warehouse = Wiring.warehouse(of: try LocalProject(existing: project))
    var printer = ResultPrinter(format: format, limit: limit ?? (format == .table ? 1000 : Int.max))
    do {
      let summary = try await rows(of: statement, in: warehouse) { printer.take($0) }
      printer.finish(columns: summary.columns, rowCount: summary.rowCount)
      try folder?.write(statement)
    } catch let error as WarehouseError {
      throw CommandFailure(.failed, place(error) + error.message, hint: error.hint)
    }
  }

  /// Streams the rows of a query; statements that write, or several, are run as one transaction.
  private func rows(
    of statement: SQLStatement,
    in warehouse: DuckDBWarehouse,
    _ take: (RowBatch) -> Void
  ) async throws -> QueryResult {
    do {
      return try await warehouse.forEachBatch(of: statement, take)
    } catch let error as WarehouseError where error.code == .unsupported && error.place == nil {
      let result = try await warehouse.run(statement, rowLimit: limit ?? 1000)
      if !result.columns.isEmpty { take(RowBatch(columns: result.columns, rows: result.rows)) }
      return result
    }
  }

  private func text() throws -> String {
    guard sql.hasSuffix(".sql"), !sql.contains("\n") else { return sql }
    guard let bytes = FileManager.default.contents(atPath: sql) else {
      throw CommandFailure(.usage, "there is no file `\(sql)`")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func place(_ error: WarehouseError) -> String {
    guard let place = error.place else { return "" }
    return sql.hasSuffix(".sql") ? "\(sql):\(place): " : "line \(place): "
  }
}

/// `tadoru tables`: what the warehouse holds.
struct Tables: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the tables of a project's warehouse with their columns."
  )

  @Argument(help: "The database (default: all).")
  var database: String?

  @Option(help: ArgumentHelp("The project folder.", valueName: "dir"))
  var project = "."

  @Option(help: "The form of the list: table, csv or json.")
  var format: ResultFormat = .table

  func run() async throws {
    let warehouse = Wiring.warehouse(of: try LocalProject(existing: project))
    var rows: [[String]] = []
    do {
      let all = try await warehouse.databases()
      if let database, !all.contains(database) {
        throw CommandFailure(
          .failed,
          "there is no database `\(database)`",
          hint: all.isEmpty
            ? "the warehouse is empty"
            : "there are \(all.map { "`\($0)`" }.joined(separator: ", "))"
        )
      }
      for name in database.map({ [$0] }) ?? all {
        for table in try await warehouse.tables(in: name) {
          let columns = try await warehouse.columns(of: TableName(database: name, table: table))
          rows.append([
            name, table, columns.map { "\($0.name) \($0.type)" }.joined(separator: ", "),
          ])
        }
      }
    } catch let error as WarehouseError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
    let columns = ["database", "table", "columns"].map { TableColumn(name: $0, type: "varchar") }
    var printer = ResultPrinter(format: format, limit: Int.max)
    printer.take(RowBatch(columns: columns, rows: rows.map { $0.map { .string($0) } }))
    printer.finish(columns: columns, rowCount: rows.count)
  }
}

extension SQLDialect: ExpressibleByArgument {}
