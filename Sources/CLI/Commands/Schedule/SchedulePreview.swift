import ArgumentParser
import Foundation
import SQLWarehouse
import Values
import WorkflowLanguage

/// `tadoru schedule preview`: the coming sessions of a workflow.
struct SchedulePreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Lists the coming sessions of a workflow."
  )

  @Argument(help: "The workflow's name.")
  var workflow: String

  @Option(help: ArgumentHelp("The project folder.", valueName: "dir"))
  var project = "."

  @Option(help: ArgumentHelp("How many sessions.", valueName: "n"))
  var count = 20

  @Option(help: ArgumentHelp("The moment to start from.", valueName: "time"))
  var from = "now"

  @Option(help: "The form of the list: table, csv or json.")
  var format: ResultFormat = .table

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count must be 1 to 10,000, found \(count)")
    }
  }

  func run() throws {
    let definition: WorkflowDefinition
    do {
      definition = try ProjectCheck(LocalProject(project)).workflow(named: workflow)
    } catch {
      throw CommandFailure(error.exit, error.description)
    }
    guard let raw = definition.schedule else {
      throw CommandFailure(.failed, "workflow `\(definition.name)` has no `schedule:`")
    }
    do {
      print(try sessions(of: Schedule(raw, timezone: definition.timezone)))
    } catch let error as WorkflowError {
      throw CommandFailure(.refused, error.message, hint: error.hint)
    }
  }

  private func sessions(of schedule: Schedule) throws -> [[Value]] {
    let start = try SessionTime(
      parsing: from,
      in: schedule.zone,
      now: Int64(Date().timeIntervalSince1970)
    )
    var rows: [[Value]] = []
    var time = schedule.first(at: start.unixTime)
    while rows.count < count, time != .never {
      rows.append([
        .string(SessionTime(time.sessionTime, in: schedule.zone).text),
        .string(SessionTime(time.runTime, in: schedule.zone).text),
      ])
      time = schedule.next(after: time.sessionTime)
    }
    return rows
  }

  private func print(_ rows: [[Value]]) {
    let columns = ["session_time", "run_time"].map { TableColumn(name: $0, type: "varchar") }
    var printer = ResultPrinter(format: format, limit: Int.max)
    printer.take(RowBatch(columns: columns, rows: rows))
    printer.finish(columns: columns, rowCount: rows.count)
  }
}
