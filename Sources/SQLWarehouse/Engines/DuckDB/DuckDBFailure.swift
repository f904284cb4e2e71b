import CDuckDB

/// What the engine said when it refused.
struct DuckDBFailure: Error, Sendable {
  /// The engine's number for the kind of error; 0 when it gave none.
  let kind: UInt32
  let message: String

  var isInterrupt: Bool { kind == DUCKDB_ERROR_INTERRUPT.rawValue }

  /// The first line without `Binder Error: ` and the like in front.
  var summary: String {
    let line = message.split(separator: "\n").first.map(String.init) ?? message
    guard let colon = line.firstRange(of: " Error: ") else { return line }
    let text = String(line[colon.upperBound...])
    // A first word in capitals is one of SQL's.
    let isKeyword = text.dropFirst().first?.isUppercase == true
    return isKeyword ? text : text.prefix(1).lowercased() + text.dropFirst()
  }

  /// What stands between two marks, if they are there.
  func text(between start: String, and end: String) -> String? {
    guard let first = message.firstRange(of: start),
      let last = message[first.upperBound...].firstRange(of: end)
    else { return nil }
    return String(message[first.upperBound..<last.lowerBound])
  }
}
