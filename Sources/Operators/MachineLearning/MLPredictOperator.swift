import Values
public import WorkflowEngine

/// `ml_predict>`: predicts for the rows of a table with a registered model, into another table.
///
/// ```yaml
/// +predict:
///   ml_predict>:
///     notebook: gluon_predict
///     model_name: churn              # or owner/churn, or shared_model: <uuid>
///     input_table: shop.customers_today
///     output_table: shop.churn_predicted
/// ```
/// Later tasks see `automl.last_executed_notebook`, `automl.last_executed_user_id` and `automl.last_executed_user_email`.
/// The options are in `docs/operators/ml_predict.md`.
public struct MLPredictOperator: Operator {
  private let services: NotebookServices

  public init(_ services: NotebookServices) { self.services = services }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    do {
      let request = try NotebookRequest(context, of: "ml_predict")
      return .done(
        try await PredictionTask(services: services, context: context, request: request).run()
      )
    } catch {
      throw TaskFailure.explaining(error)
    }
  }
}
