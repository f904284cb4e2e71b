import Values

extension ShippedNotebook {
  /// Trains models on a table with AutoGluon and keeps the best one.
  ///
  /// Its `result.json` holds `best_model`, `problem_type`, `eval_metric`, `label`, `positive_class`, `classes`, `features`,
  /// `rows`, `metrics` (name → number), `model_failures`, `versions`, `warnings`, `seconds`, and the files `model` (a folder
  /// that MLflow loads), `leaderboard` and `feature_importance` (Parquet).
  static let gluonTrain = ShippedNotebook(
    name: "gluon_train",
    summary: "trains a model for one column of a table with AutoGluon",
    options: [
      NotebookOption("input_table", .table, required: true, "the table to learn from"),
      NotebookOption("target_column", .text, required: true, "the column to predict"),
      NotebookOption("model_name", .text, required: true, "the name to keep the model under"),
      NotebookOption(
        "problem_type",
        .text,
        default: "auto",
        choices: ["auto", "binary", "multiclass", "regression", "quantile"],
        "what is predicted; `auto` decides by the values of the target column"
      ),
      NotebookOption(
        "eval_metric",
        .text,
        default: "auto",
        "what models are compared by; `auto` is roc_auc (binary), log_loss (multiclass), rmse (regression), pinball_loss (quantile)"
      ),
      NotebookOption(
        "positive_class",
        .text,
        "the class that `predicted_proba` is about; without it the greater of the two in sorted order"
      ),
      NotebookOption(
        "quantile_levels",
        .text,
        default: "0.1,0.5,0.9",
        "the levels of a quantile model, separated by commas"
      ),
      NotebookOption(
        "ignore_columns",
        .columns,
        default: ["time"],
        "columns that are not learned from"
      ),
      NotebookOption(
        "time_limit",
        .seconds,
        default: 3600,
        range: 1...86_400,
        "soft limit of the training in seconds"
      ),
      NotebookOption(
        "fi_time_limit",
        .seconds,
        range: 0...86_400,
        "soft limit of the feature importance in seconds; 0 leaves it out"
      ),
      NotebookOption(
        "oversampling_threshold",
        .number,
        default: 0.001,
        range: 0...0.5,
        "repeats rows of a class rarer than this share; 0 never does; binary only"
      ),
      NotebookOption(
        "proba_calibration",
        .truth,
        default: true,
        "calibrates probabilities after training"
      ),
      NotebookOption(
        "presets",
        .text,
        default: "very_light",
        "AutoGluon's presets, separated by commas"
      ),
      NotebookOption(
        "hyperparameters",
        .object,
        "AutoGluon's model families and their settings, as `{GBM: {}}`"
      ),
      NotebookOption(
        "hide_table_contents",
        .truth,
        default: false,
        "shows no rows of the table in the notebook"
      ),
      NotebookOption(
        "timeout",
        .seconds,
        range: 1...90_000,
        reader: .operator,
        "hard limit of a cell"
      ),
      NotebookOption(
        "share_model",
        .truth,
        default: false,
        reader: .operator,
        "gives the model a UUID to use it by"
      ),
      NotebookOption(
        "export_leaderboard",
        .table,
        reader: .operator,
        "a table for the leaderboard"
      ),
      NotebookOption(
        "export_feature_importance",
        .table,
        reader: .operator,
        "a table for the feature importance"
      ),
    ] + surroundings
  )

  /// Keys of the operator's map that belong to no notebook.
  static let surroundings: [NotebookOption] = [
    NotebookOption("notebook", .text, reader: .operator, "the notebook's name"),
    NotebookOption("docker", .object, reader: .operator, "`task_mem`: the memory limit, as `64g`"),
  ]
}
