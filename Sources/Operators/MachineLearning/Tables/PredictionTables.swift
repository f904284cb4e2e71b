import Notebooks
import SQLWarehouse
import Values
import WorkflowEngine

/// The tables of a prediction, all of them checked before a kernel is started.
struct PredictionTables {
  let input: InputTable
  let output: OutputTable
  let exports: ResultTables

  /// - Throws: ``TaskFailure`` `config` with the nearest names; ``WarehouseError``.
  init(
    _ request: NotebookRequest,
    _ options: ShippedNotebook.Options,
    _ warehouse: any Warehouse
  ) async throws {
    guard let name = try request.table("input_table", in: options.parameters) else {
      throw TaskFailure(.config, "`\(request.operatorName)>` needs `input_table`")
    }
    input = try await InputTable.find(name, option: "input_table", in: warehouse)
    let mode = options.operatorValues["output_mode"]?.string.flatMap(ImportMode.init(rawValue:))
    let output = try await OutputTable.find(
      "output_table",
      of: request,
      in: options.operatorValues,
      warehouse: warehouse,
      mode: mode ?? .overwrite
    )
    guard let output else {
      throw TaskFailure(.config, "`\(request.operatorName)>` needs `output_table`")
    }
    self.output = output
    exports = try await ResultTables(request, options.operatorValues, warehouse: warehouse)
  }

  /// The notebook's parameters with columns as the input table spells them.
  ///
  /// - Throws: ``TaskFailure`` `config` when there is no such `rowid_column`.
  func spelled(_ parameters: ObjectValue) throws -> ObjectValue {
    var parameters = parameters
    parameters["input_table"] = .string(input.name.description)
    parameters["ignore_columns"] = input.spelled(list: parameters["ignore_columns"])
    if let column = parameters["rowid_column"]?.string {
      parameters["rowid_column"] = .string(try input.column(column, option: "rowid_column"))
    }
    return parameters
  }
}
