import Notebooks
public import Values
public import WorkflowEngine

/// `ipynb>`: runs a notebook of the project; every other key of the map becomes a variable in it.
///
/// ```yaml
/// +report:
///   ipynb>:
///     notebook: notebooks/report.ipynb
///     region: EMEA
///     thresholds: {low: 0.1, high: 0.9}
///     timeout: 600
/// ```
/// Later tasks see `automl.last_executed_notebook`, `automl.last_executed_user_id` and `automl.last_executed_user_email`.
/// A shipped notebook's name does what its own operator does. More is in `docs/operators/ipynb.md`.
public struct NotebookOperator: Operator {
  private let services: NotebookServices

  public init(_ services: NotebookServices) { self.services = services }

  /// A notebook that the user wrote runs in the workflow's folder.
  public func writesFiles(_ parameters: ObjectValue) -> Bool { true }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    do {
      return .done(try await run(NotebookRequest(context, of: "ipynb"), context))
    } catch {
      throw TaskFailure.explaining(error)
    }
  }

  private func run(_ request: NotebookRequest, _ context: TaskContext) async throws -> TaskResult {
    let own = OwnNotebookTask(services: services, context: context, request: request)
    let file: String
    do {
      file = try own.file()
    } catch {
      if TrainingTask.notebooks.contains(request.notebook) {
        return try await TrainingTask(services: services, context: context, request: request).run()
      }
      if PredictionTask.notebooks.contains(request.notebook) {
        return try await PredictionTask(services: services, context: context, request: request)
          .run()
      }
      throw error
    }
    return try await own.run(file)
  }
}
