import Values

extension ShippedNotebook {
  /// Predicts for the rows of a table with a kept model.
  ///
  /// Its `result.json` holds `rows`, `columns`, `label`, `label_present`, `metrics` (name → number, empty without labels),
  /// `versions`, `warnings`, `seconds`, and the files `predictions`, and where labels are present `leaderboard` and
  /// `feature_importance` (Parquet).
  static let gluonPredict = ShippedNotebook(
    name: "gluon_predict",
    summary: "predicts for the rows of a table with a kept model",
    options: [
      NotebookOption("model_name", .text, reader: .operator, "the name the model is kept under"),
      NotebookOption("shared_model", .text, reader: .operator, "the UUID of a shared model"),
      NotebookOption("input_table", .table, required: true, "the table to predict for"),
      NotebookOption(
        "output_table",
        .table,
        required: true,
        reader: .operator,
        "the table for the predictions"
      ),
      NotebookOption(
        "output_mode",
        .text,
        default: "overwrite",
        choices: ["overwrite", "append"],
        reader: .operator,
        "what happens to rows that the output table has"
      ),
      NotebookOption(
        "rowid_column",
        .text,
        "with it the output has only this column and the predictions"
      ),
      NotebookOption(
        "ignore_columns",
        .columns,
        default: ["time"],
        "columns that are left out of the output"
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
        "export_leaderboard",
        .table,
        reader: .operator,
        "a table for the leaderboard"
      ),
      NotebookOption(
        "export_feature_importance",
        .table,
        reader: .both,
        "a table for the feature importance"
      ),
      NotebookOption("audience_name", .text, reader: .operator, "has no effect here"),
      NotebookOption("foreign_key", .text, reader: .operator, "has no effect here"),
    ] + surroundings
  )
}
