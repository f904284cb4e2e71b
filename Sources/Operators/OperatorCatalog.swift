public import SQLWarehouse
public import WorkflowEngine

/// Every operator that tasks can name: a line hands each what it needs.
public struct OperatorCatalog: Sendable {
  /// By the name in front of `>`.
  public let operators: [String: any Operator]

  /// - Parameters:
  ///   - warehouse: where queries run.
  ///   - notebooks: what notebooks are run with, and where their runs are recorded.
  ///   - mail: what `mail>` tasks may leave out.
  ///   - python: what `py>` tasks run with.
  ///   - rubyRunner: the script that calls the methods of `rb>` tasks.
  ///   - kept: values that outlive attempts.
  ///   - notifications: how alerts are delivered.
  ///   - required: attempts of other workflows.
  ///   - results: the user's connections, and where the results of jobs are kept.
  ///   - surroundings: time, names and environment of this process.
  public init(
    warehouse: any Warehouse,
    notebooks: NotebookServices,
    mail: MailSettings,
    python: PythonSettings,
    rubyRunner: String,
    kept: KeptParameters,
    notifications: NotificationSettings,
    required: RequiredAttempts,
    results: ResultServices,
    surroundings: OperatorSurroundings
  ) {
    let (clock, newID) = (surroundings.clock, surroundings.newID)
    let own: [String: any Operator] = [
      "call": CallOperator(),
      "echo": EchoOperator(),
      "fail": FailOperator(),
      "for_each": ForEachOperator(),
      "for_range": ForRangeOperator(),
      "http": HTTPOperator(),
      "http_call": HTTPCallOperator(),
      "if": IfOperator(),
      "ipynb": NotebookOperator(notebooks),
      "loop": LoopOperator(),
      "mail": MailOperator(settings: mail, clock: clock, newID: newID),
      "ml_predict": MLPredictOperator(notebooks),
      "ml_train": MLTrainOperator(notebooks),
      "nop": NothingOperator(),
      "notify": NotifyOperator(
        settings: notifications,
        mail: mail,
        surroundings: surroundings
      ),
      "param_get": ParameterGetOperator(kept),
      "param_set": ParameterSetOperator(kept),
      "pg": PostgreSQLOperator(newID: newID),
      "py": PythonOperator(
        settings: python,
        environment: surroundings.environment,
        temporaryDirectory: surroundings.temporaryDirectory,
        newID: newID
      ),
      "require": RequireOperator(required),
      "rb": RubyOperator(runner: rubyRunner, surroundings: surroundings),
      "sh": ShellOperator(
        environment: surroundings.environment,
        temporaryDirectory: surroundings.temporaryDirectory,
        newID: newID
      ),
      "store": StoreOperator(),
      "wait": WaitOperator(clock: clock),
    ]
    let queries = Self.queries(warehouse, results, surroundings)
    operators = own.merging(queries) { own, _ in own }
      .merging(ForeignCloudOperator.all) { own, _ in own }
  }

  /// Those that work on the warehouse, or on storage beside it.
  private static func queries(
    _ warehouse: any Warehouse,
    _ results: ResultServices,
    _ surroundings: OperatorSurroundings
  ) -> [String: any Operator] {
    let nextJobID = surroundings.nextJobID
    let targets = ResultTargets(
      warehouse: warehouse,
      services: results,
      surroundings: surroundings
    )
    return [
      "s3_wait": ObjectWaitOperator(clock: targets.clock),
      "td": SQLOperator(targets: targets, nextJobID: nextJobID),
      "td_ddl": SQLSchemaOperator(warehouse: warehouse),
      "td_for_each": SQLForEachOperator(
        warehouse: warehouse,
        jobs: results.jobs,
        nextJobID: nextJobID
      ),
      "td_load": LoadOperator(warehouse: warehouse, surroundings: surroundings),
      "td_partial_delete": PartialDeleteOperator(warehouse: warehouse),
      "td_result_export": ResultExportOperator(targets: targets, nextJobID: nextJobID),
      "td_run": RunSavedQueryOperator(targets: targets, nextJobID: nextJobID),
      "td_table_export": TableExportOperator(targets: targets, nextJobID: nextJobID),
      "td_wait": QueryWaitOperator(warehouse: warehouse),
      "td_wait_table": TableWaitOperator(warehouse: warehouse),
    ]
  }
}
