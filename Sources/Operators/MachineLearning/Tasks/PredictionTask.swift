import Notebooks
import SQLWarehouse
import Tracking
import Values
import WorkflowEngine

/// One try of `ml_predict>`: finds the model and the table, predicts, fills the output table.
struct PredictionTask {
  /// The notebooks that predict.
  static let notebooks = ["gluon_predict"]

  let services: NotebookServices
  let context: TaskContext
  let request: NotebookRequest

  func run() async throws -> TaskResult {
    let notebook = try request.shipped(Self.notebooks, in: services.catalog)
    let options = try request.checked(by: notebook)
    for warning in options.warnings { context.output.warn(warning) }
    warnAboutAudience(options.operatorValues)
    let reference = try Self.reference(options.operatorValues)
    let store = try services.account.store()
    let user = try services.account.user(in: store, for: context.attempt)
    let version = try store.model(reference, for: user.id)
    let facts = ModelFacts(of: version)
    try await facts.requireVersions(services.runtime.check(), model: version.qualifiedName)
    let tables = try await PredictionTables(request, options, services.warehouse)
    try facts.requireFeatures(in: tables.input, model: version.qualifiedName)
    let memory = try request.memoryLimit(
      machine: services.memory(for: context),
      isShipped: true,
      context.output
    )
    var parameters = try tables.spelled(options.parameters)
    parameters["model_path"] = .string(try store.folder(of: version))
    parameters["export_feature_importance"] = options.operatorValues["export_feature_importance"]
    let tracked = try TrackedNotebook(
      plan(notebook, options.parameters.merging(options.operatorValues), version, tables.input),
      services: services,
      context: context,
      store: store,
      user: user
    )
    return try await tracked.record { tracked in
      let rows = try await services.warehouse.exportParquet(
        tables.input.name,
        to: tracked.folder.input
      )
      try store.setTags(["tadoru.input_rows": .int(Int64(rows))], on: tracked.run.id)
      parameters["input_path"] = .string(tracked.folder.input)
      var job = tracked.job(services.catalog.file(of: notebook), parameters)
      job.memoryLimit = memory
      job.cellTimeout = NotebookRequest.cellTimeout(options.operatorValues)
      let predicted = try await tracked.execute(job)
      guard let file = predicted.file("predictions") else {
        throw TaskFailure(.runtime, "the notebook `\(request.notebook)` wrote no predictions")
      }
      // Last: a failure behind appended rows would have a retry append them again.
      try await tables.exports.load(predicted, into: services.warehouse, context)
      try await tables.output.load(file, into: services.warehouse, context)
      return (predicted, TrainingTask.result(version))
    }
  }

  private func plan(
    _ notebook: ShippedNotebook,
    _ params: ObjectValue,
    _ version: ModelVersion,
    _ input: InputTable
  ) -> RunPlan {
    var tags: ObjectValue = [
      "tadoru.model": .string(version.qualifiedName),
      "tadoru.model_version": .int(version.version),
    ]
    if let run = version.run { tags["tadoru.training_run"] = .string(run.text) }
    return RunPlan(
      operatorName: request.operatorName,
      notebook: notebook.name,
      name: "predict \(version.name)",
      params: params,
      inputTable: input.name,
      tags: tags
    )
  }

  /// Which model is meant.
  ///
  /// - Throws: ``TaskFailure`` `config` unless exactly one of the two options is there.
  static func reference(_ values: ObjectValue) throws(TaskFailure) -> ModelReference {
    switch (values["model_name"]?.string, values["shared_model"]?.string) {
    case (let name?, nil): return ModelReference(modelName: name)
    case (nil, let id?): return .shared(id)
    case (nil, nil):
      throw TaskFailure(
        .config,
        "`ml_predict>` needs `model_name`, or `shared_model` with the UUID of a shared model"
      )
    case (_?, _?):
      throw TaskFailure(
        .config,
        "`ml_predict>` takes either `model_name` or `shared_model`, found both"
      )
    }
  }

  private func warnAboutAudience(_ values: ObjectValue) {
    let names = ["audience_name", "foreign_key"].filter { values[$0] != nil }
    guard !names.isEmpty else { return }
    context.output.warn(
      "\(NearestNames.list(names)): there is no customer data platform here, the predictions go to "
        + "`output_table` only"
    )
  }
}
