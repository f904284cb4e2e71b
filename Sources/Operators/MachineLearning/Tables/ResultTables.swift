import Notebooks
import SQLWarehouse
import Values
import WorkflowEngine

/// The tables that a workflow wants of a notebook besides its main result.
struct ResultTables {
  /// Option → key of the notebook's `result.json`.
  private static let exports = [
    ("export_leaderboard", "leaderboard"), ("export_feature_importance", "feature_importance"),
  ]

  private let tables: [(key: String, table: OutputTable)]

  /// - Throws: ``TaskFailure`` `config` when one is no name of a table.
  init(
    _ request: NotebookRequest,
    _ values: ObjectValue,
    warehouse: any Warehouse
  ) async throws {
    var tables: [(key: String, table: OutputTable)] = []
    for (option, key) in Self.exports {
      let table = try await OutputTable.find(option, of: request, in: values, warehouse: warehouse)
      if let table { tables.append((key, table)) }
    }
    self.tables = tables
  }

  /// Loads what the notebook wrote; warns where it had nothing to write.
  ///
  /// - Throws: ``TaskFailure``.
  func load(
    _ result: NotebookResult,
    into warehouse: any Warehouse,
    _ context: TaskContext
  ) async throws {
    for (key, table) in tables {
      guard let file = result.file(key) else {
        context.output.warn(
          "`\(table.option)`: the notebook made none, so `\(table.name)` stays as it was"
        )
        continue
      }
      try await table.load(file, into: warehouse, context)
    }
  }
}
