import Notebooks
import SQLWarehouse
import Values
import WorkflowEngine

/// The tables of a training, all of them checked before a kernel is started.
struct TrainingTables {
  let input: InputTable
  /// What the column to be learned has.
  let label: LabelColumn
  let exports: ResultTables

  /// - Throws: ``TaskFailure`` `config` with the nearest names, or with what the label does not allow;
  ///   ``WarehouseError``.
  init(
    _ request: NotebookRequest,
    _ options: ShippedNotebook.Options,
    _ warehouse: any Warehouse
  ) async throws {
    guard let name = try request.table("input_table", in: options.parameters),
      let target = options.parameters["target_column"]?.string
    else {
      throw TaskFailure(
        .config,
        "`\(request.operatorName)>` needs `input_table` and `target_column`"
      )
    }
    input = try await InputTable.find(name, option: "input_table", in: warehouse)
    label = try await LabelColumn.count(input.column(target, option: "target_column"), of: input)
    try label.requireLearnable()
    exports = try await ResultTables(request, options.operatorValues, warehouse: warehouse)
  }

  /// The notebook's parameters with names as the warehouse spells them.
  func spelled(_ parameters: ObjectValue) -> ObjectValue {
    var parameters = parameters
    parameters["input_table"] = .string(input.name.description)
    parameters["target_column"] = .string(label.column)
    parameters["ignore_columns"] = input.spelled(list: parameters["ignore_columns"])
    return parameters
  }
}
