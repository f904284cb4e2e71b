import Notebooks
import SQLWarehouse
import Tracking
import Values
import WorkflowEngine

/// One try of `ml_train>`: looks at the table, trains, registers the model, fills the tables asked for.
struct TrainingTask {
  /// The notebooks that train.
  static let notebooks = ["gluon_train"]

  let services: NotebookServices
  let context: TaskContext
  let request: NotebookRequest

  func run() async throws -> TaskResult {
    let notebook = try request.shipped(Self.notebooks, in: services.catalog)
    let options = try request.checked(by: notebook)
    for warning in options.warnings { context.output.warn(warning) }
    let model = try ModelName(options.parameters["model_name"]?.string)
    try services.runtime.require()
    let tables = try await TrainingTables(request, options, services.warehouse)
    let memory = try request.memoryLimit(
      machine: services.memory(for: context),
      isShipped: true,
      context.output
    )
    var parameters = tables.spelled(options.parameters)
    let store = try services.account.store()
    let user = try services.account.user(in: store, for: context.attempt)
    let plan = RunPlan(
      operatorName: request.operatorName,
      notebook: notebook.name,
      name: model.text,
      params: parameters.merging(options.operatorValues),
      inputTable: tables.input.name,
      tags: ["tadoru.input_rows": .int(Int64(tables.label.rows))]
    )
    let tracked = try TrackedNotebook(
      plan,
      services: services,
      context: context,
      store: store,
      user: user
    )
    return try await tracked.record { tracked in
      _ = try await services.warehouse.exportParquet(tables.input.name, to: tracked.folder.input)
      parameters["input_path"] = .string(tracked.folder.input)
      var job = tracked.job(services.catalog.file(of: notebook), parameters)
      job.memoryLimit = memory
      job.cellTimeout = NotebookRequest.cellTimeout(options.operatorValues)
      let trained = try await tracked.execute(job)
      let version = try register(
        trained,
        as: model,
        isShared: options.operatorValues["share_model"]?.bool == true,
        of: tracked
      )
      try await tables.exports.load(trained, into: services.warehouse, context)
      return (trained, Self.result(version))
    }
  }

  private func register(
    _ trained: NotebookResult,
    as model: ModelName,
    isShared: Bool,
    of tracked: TrackedNotebook
  ) throws -> ModelVersion {
    guard let folder = trained.file("model") else {
      throw TaskFailure(.runtime, "the notebook `\(request.notebook)` kept no model")
    }
    let facts = ModelFacts(trained.result)
    let version = try stored(folder, as: model, facts, isShared: isShared, of: tracked)
    try tracked.store.setTags(
      facts.tags.merging([
        "tadoru.model": .string(version.qualifiedName),
        "tadoru.model_version": .int(version.version),
      ]),
      on: tracked.run.id
    )
    let sharing = version.sharedID.map { ", shared as `\($0)`" }
    context.output.info(
      "model `\(version.qualifiedName)` version \(version.version) is registered\(sharing ?? "")"
    )
    return version
  }

  private func stored(
    _ folder: String,
    as model: ModelName,
    _ facts: ModelFacts,
    isShared: Bool,
    of tracked: TrackedNotebook
  ) throws -> ModelVersion {
    do {
      return try tracked.store.registerModel(
        NewModelVersion(
          owner: tracked.run.user.id,
          name: model.text,
          run: tracked.run.id,
          flavor: facts.flavor,
          isShared: isShared
        ),
        from: folder
      )
    } catch let error as TrackingError {
      let failure = TaskFailure(of: error)
      throw TaskFailure(
        failure.code,
        "the model `\(model.text)` could not be registered: \(failure.message); it is kept in `\(folder)`"
      )
    }
  }

  /// What later tasks see of the model; an id that an earlier training left behind goes away.
  static func result(_ version: ModelVersion) -> TaskResult {
    let shared = version.sharedID.map { ["automl": ["shared_model": .string($0)]] as ObjectValue }
    return TaskResult(store: shared ?? [:], reset: [["automl", "shared_model"]])
  }
}
