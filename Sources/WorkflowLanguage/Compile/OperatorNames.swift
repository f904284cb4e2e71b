import Values

/// The operators people know by name, and the slips that are surely not meant.
enum OperatorNames {
  static let known: [String] = [
    "bq", "bq_ddl", "bq_extract", "bq_load", "call", "drift", "echo", "embulk", "emr", "evaluate",
    "fail",
    "for_each", "for_range", "gcs_wait", "http", "http_call", "if", "ipynb", "loop", "mail",
    "ml_predict",
    "ml_train", "nop", "notify", "param_get", "param_set", "pg", "py", "rb", "redshift",
    "redshift_load",
    "redshift_unload", "require", "s3_wait", "sh", "store", "td", "td_ddl", "td_for_each",
    "td_load",
    "td_partial_delete", "td_result_export", "td_run", "td_table_export", "td_wait",
    "td_wait_table", "wait",
  ]

  /// Operators that an unknown one may have meant; empty for a known one.
  static func nearest(to type: String) -> [String] {
    let isKnown = known.contains(type) || type.contains(where: { $0 == "." || $0 == ":" })
    return isKnown ? [] : Suggestion.nearest(to: type, among: known)
  }

  /// The option that was meant by one that the operator does not have; nil for anything else.
  static func option(meantBy option: String, of type: String) -> String? {
    slips[type]?[option]
  }

  private static let slips: [String: [String: String]] = [
    "td": [
      "insert_table": "insert_into", "insert_to": "insert_into", "create_tables": "create_table",
      "store_last_result": "store_last_results", "result_setting": "result_settings",
    ],
    "td_ddl": [
      "create_table": "create_tables", "empty_table": "empty_tables", "drop_table": "drop_tables",
      "rename_table": "rename_tables", "create_database": "create_databases",
      "drop_database": "drop_databases", "empty_database": "empty_databases",
    ],
    "td_for_each": ["do": "_do"],
    "for_each": ["do": "_do"],
    "loop": ["do": "_do"],
    "if": ["do": "_do", "else_do": "_else_do", "_else": "_else_do"],
  ]
}
