import Values

/// The operators people know by name, and the slips that are surely not meant.
enum OperatorNames {
  static let known: [String] = OperatorSignature.all.map(\.name)

  /// Operators that an unknown one may have meant; empty for a known one.
  static func nearest(to type: String) -> [String] {
    let isKnown =
      OperatorSignature.named(type) != nil || type.contains(where: { $0 == "." || $0 == ":" })
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
  /// Tasks may have keys of their own, for templates, so only what is very near counts, and of operators that hand all keys
  /// on no name of fewer than five letters.
  static func misspelt(_ key: String, of type: String) -> String? {
    guard let signature = OperatorSignature.named(type) else { return nil }
    guard !key.hasPrefix("_") else { return Suggestion.slip(key, of: properties) }
    guard !signature.handsOnKeys || key.count >= 5, signature.option(key) == nil else { return nil }
    return Suggestion.slip(key, of: signature.options.map(\.name))
  }

  private static let properties = [
    "_export", "_secrets", "_background", "_after", "_error", "_check", "_disable", "_retry",
    "_parallel", "_do", "_else_do", "_env", "_type", "_command",
  ]
}
