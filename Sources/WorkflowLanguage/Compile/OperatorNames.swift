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

  /// The option of an operator, or the property of any task, that a key is a misspelling of.
  ///
  /// Tasks may have keys of their own, for templates, so only what is very near counts.
  static func misspelt(_ key: String, of type: String) -> String? {
    let candidates = key.hasPrefix("_") ? properties : options[type] ?? []
    return Suggestion.slip(key, of: candidates)
  }

  private static let properties = [
    "_export", "_secrets", "_background", "_after", "_error", "_check", "_disable", "_retry",
    "_parallel", "_do", "_else_do", "_env", "_type", "_command",
  ]

  private static let options: [String: [String]] = [
    "td": [
      "database", "engine", "query", "create_table", "insert_into", "download_file",
      "store_last_results", "preview", "priority", "job_retry", "result_connection",
      "result_settings", "result_url",
    ],
    "td_for_each": ["database", "engine", "query", "priority", "job_retry"],
    "td_ddl": [
      "database", "create_databases", "drop_databases", "empty_databases", "create_tables",
      "drop_tables", "empty_tables", "rename_tables",
    ],
    "mail": ["subject", "body", "attach_files", "username"],
    "sh": ["shell"],
  ]
}
