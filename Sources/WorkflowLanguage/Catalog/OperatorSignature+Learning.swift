extension OperatorSignature {
  /// Operators that run notebooks; what may stand inside of their map, the notebooks say.
  static let learning: [OperatorSignature] = [
    OperatorSignature("drift", .map, "compares the distributions of two tables", defaults: "td"),
    OperatorSignature("evaluate", .map, "computes metrics of predictions", defaults: "td"),
    OperatorSignature("ipynb", .map, "runs a notebook", defaults: "td"),
    OperatorSignature("ml_predict", .map, "predicts with a model", defaults: "td"),
    OperatorSignature("ml_train", .map, "trains a model", defaults: "td"),
  ]

  /// Operators of services that are not offered.
  static let foreign: [OperatorSignature] = [
    "bq", "bq_ddl", "bq_extract", "bq_load", "embulk", "emr", "gcs_wait", "redshift",
    "redshift_load", "redshift_unload",
  ].map { OperatorSignature($0, .any, "works on a foreign service", handsOnKeys: true) }
}
