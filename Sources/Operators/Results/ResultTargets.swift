import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// Finds where a task's result goes, before its query runs.
struct ResultTargets: Sendable {
  let warehouse: any Warehouse
  let services: ResultServices
  let clock: @Sendable () -> Date
  let scratch: ScratchFiles
  /// True in tests of workflows: nothing leaves.
  private let isRehearsal: Bool

  init(
    warehouse: any Warehouse,
    services: ResultServices,
    surroundings: OperatorSurroundings
  ) {
    self.warehouse = warehouse
    self.services = services
    clock = surroundings.clock
    scratch = ScratchFiles(folder: surroundings.temporaryDirectory, newID: surroundings.newID)
    isRehearsal = false
  }

  /// For tests of workflows: results go nowhere, and no job is remembered.
  init(rehearsing warehouse: any Warehouse) {
    self.warehouse = warehouse
    services = ResultServices(connections: [:], configurationFile: "", jobsFolder: nil)
    clock = { Date(timeIntervalSince1970: 0) }
    scratch = ScratchFiles(folder: "", newID: { "" })
    isRehearsal = true
  }

  /// The destination that `result_url`, or `result_connection` with `result_settings`, names; nil without them.
  ///
  /// The database is that of the query, where it is known; files without a name get the number of the job.
  func destination(
    _ options: Parameters,
    _ context: TaskContext,
    database: String?,
    job: Int64
  ) throws -> (any ResultDestination)? {
    let name = try options.text("result_connection")
    let url = try options.text("result_url")
    let extra = try options.objectOrJSON("result_settings")
    if extra != nil, name == nil {
      throw TaskFailure(.config, "`result_settings` needs `result_connection`")
    }
    if name != nil, url != nil {
      throw TaskFailure(.config, "Setting both result_url and result_connection is invalid")
    }
    if isRehearsal, let name = name ?? url.map({ _ in "result_url" }) {
      return RehearsedDestination(shown: "`\(name)`, which is not reached in a test")
    }
    let filler = SecretFiller(secrets: context.secrets)
    if let url {
      let settings = try ResultURL.settings(filler.text(url))
      return try destination(
        settings,
        label: "result_url",
        isSecret: SecretFiller.hasSecret(url) || url.contains("@"),
        context,
        database: database,
        job: job
      )
    }
    guard let name else { return nil }
    let book = try ConnectionBook(
      projectDirectory: context.projectDirectory,
      user: services.connections,
      userFile: services.configurationFile,
      within: context.isolation.files
    )
    let raw = Value.object(try book.settings(of: name).merging(extra ?? [:]))
    return try destination(
      filler.value(raw).object ?? [:],
      label: "the connection `\(name)`",
      isSecret: SecretFiller.hasSecret(raw.text),
      context,
      database: database,
      job: job
    )
  }

  private func destination(
    _ settings: ObjectValue,
    label: String,
    isSecret: Bool,
    _ context: TaskContext,
    database: String?,
    job: Int64
  ) throws -> any ResultDestination {
    let options = Parameters(settings, local: settings.keys, task: context.taskName)
    do {
      let type = try options.requiredText("type").lowercased()
      guard let kind = Self.kinds[type] else {
        throw TaskFailure(
          .config,
          "results cannot go to `\(type)` from here; `type` must be file, s3, postgresql, http or td"
        )
      }
      let destination: any ResultDestination =
        switch kind {
        case .file: try FileDestination(options, context)
        case .storage: try StorageDestination(options, context, job: job, clock: clock)
        case .postgreSQL: try PostgreSQLDestination(options, context)
        case .request:
          try RequestDestination(
            options,
            isSecret: isSecret,
            network: context.isolation.network
          )
        case .table: try TableDestination(options, database: database)
        }
      for key in options.unusedLocalKeys() {
        context.output.warn("`\(key)` of \(label) means nothing to results of type `\(type)`")
      }
      return destination
    } catch let failure as TaskFailure {
      throw TaskFailure(failure.code, "\(label): \(failure.message)")
    } catch let error as WorkflowError {
      // Its words show the value, which may have been a secret.
      let words = isSecret ? Self.withoutValue(error.message) : error.message
      throw TaskFailure(.config, "\(label): \(words)")
    }
  }

  private enum Kind { case file, storage, postgreSQL, request, table }

  private static let kinds: [String: Kind] = [
    "file": .file, "local": .file, "s3": .storage, "s3_v2": .storage, "aws_s3": .storage,
    "postgresql": .postgreSQL, "postgres": .postgreSQL, "pg": .postgreSQL, "http": .request,
    "https": .request, "webhook": .request, "td": .table, "treasure_data": .table, "table": .table,
  ]

  private static func withoutValue(_ message: String) -> String {
    message.firstRange(of: " but got ").map { String(message[..<$0.lowerBound]) } ?? message
  }
}
