import Values
public import WorkflowEngine

/// `ml_train>`: trains a model for one column of a table, registers it, and records the training as a run.
///
/// ```yaml
/// +train:
///   ml_train>:
///     notebook: gluon_train
///     model_name: churn
///     input_table: shop.customers
///     target_column: churned
///     time_limit: 60 * 10
///     share_model: true
///     export_leaderboard: shop.churn_leaderboard
/// ```
/// Later tasks see `automl.last_executed_notebook`, `automl.last_executed_user_id`, `automl.last_executed_user_email`, and
/// `automl.shared_model` when the model is shared. The options are in `docs/operators/ml_train.md`.
public struct MLTrainOperator: Operator {
  private let services: NotebookServices

  public init(_ services: NotebookServices) { self.services = services }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    do {
      let request = try NotebookRequest(context, of: "ml_train")
      return .done(
        try await TrainingTask(services: services, context: context, request: request).run()
      )
    } catch {
      throw TaskFailure.explaining(error)
    }
  }
}
