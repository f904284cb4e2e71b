public import WorkflowEngine

/// Every operator that tasks can name: a line hands each what it needs.
public struct OperatorCatalog: Sendable {
  /// By the name in front of `>`.
  public let operators: [String: any Operator]

  public init(notebooks: NotebookServices) {
    operators = [
      "call": CallOperator(),
      "echo": EchoOperator(),
      "fail": FailOperator(),
      "for_each": ForEachOperator(),
      "for_range": ForRangeOperator(),
      "if": IfOperator(),
      "ipynb": NotebookOperator(notebooks),
      "loop": LoopOperator(),
      "ml_predict": MLPredictOperator(notebooks),
      "ml_train": MLTrainOperator(notebooks),
      "notify": NotifyOperator(),
    ]
  }
}
