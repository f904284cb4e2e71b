/// A sentence of the engine in the words of the dialects: their types, functions and signs.
enum EngineSentence {
  static func inOurWords(_ sentence: String) -> String {
    if let own = ownSentence(in: sentence) { return own }
    var text = sentence.replacing("\"warehouse\".", with: "").replacing("warehouse.", with: "")
      .replacing("invalid Input Error: ", with: "")
    if let advice = text.firstRange(of: " Use TRY(...) to return NULL") {
      text = String(text[..<advice.lowerBound]).replacing(" // ", with: " / ")
      if text.hasSuffix(".") { text.removeLast() }
      text += "; `TRY(…)` gives null instead"
    }
    text = text.replacing(#/\b(?:presto|hive)_(\w+)/#) { $0.output.1 }
    return text.replacing(#/\b(?:INT(?:8|16|32|64)|BOOL|(?:STRING|INTEGER)_LITERAL)\b/#) {
      types[String($0.output)] ?? String($0.output)
    }
  }

  /// What the definitions of the dialects' functions say, carried by a cast that must fail.
  private static func ownSentence(in sentence: String) -> String? {
    guard let own = sentence.wholeMatch(of: #/could not convert string '(.*) is no (.*)' to INT64/#)
    else { return nil }
    return "`\(own.output.1)` is no \(own.output.2)"
  }

  /// The value that a sentence is about, as it stands in the statement.
  static func value(in message: String) -> String? {
    let quoted = message.firstMatch(of: #/'([^']*)'/#).map { String($0.output.1) }
    guard let quoted, let own = quoted.firstRange(of: " is no ") else { return quoted }
    return String(quoted[..<own.lowerBound])
  }

  private static let types = [
    "INT8": "TINYINT", "INT16": "SMALLINT", "INT32": "INTEGER", "INT64": "BIGINT",
    "BOOL": "BOOLEAN", "STRING_LITERAL": "VARCHAR", "INTEGER_LITERAL": "INTEGER",
  ]
}
