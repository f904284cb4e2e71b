/// The rules for names of metrics, params, tags, experiments and models.
///
/// They are MLflow's, so that whatever is logged here can be read through its API, where a name may
/// become a file's path.
enum RecordName {
  static let maximumLength = 250

  /// Checks a name of a metric, param or tag.
  ///
  /// - Throws: ``TrackingError`` `invalid`.
  static func check(_ name: String, of kind: String) throws {
    try checkLength(name, of: kind)
    for scalar in name.unicodeScalars where !isAllowed(scalar) {
      throw TrackingError(
        .invalid,
        "the \(kind) name `\(shown(name))` may have only letters, digits, `_`, `-`, `.`, `:`, `/` "
          + "and blanks, found `\(scalar.escaped(asASCII: true))`"
      )
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw TrackingError(
        .invalid,
        "the \(kind) name `\(name)` may be used as a path: expected no empty part, `.` or `..` "
          + "between its slashes"
      )
    }
  }

  /// Checks a name of a registered model: any text without `/`, `:` and control characters.
  ///
  /// - Throws: ``TrackingError`` `invalid`.
  static func checkModel(_ name: String) throws {
    try checkLength(name, of: "model")
    let isPlain = name.unicodeScalars.allSatisfy {
      $0 != "/" && $0 != ":" && $0.properties.generalCategory != .control
    }
    let hasLetter = name.contains { $0 != "." && !$0.isWhitespace }
    guard isPlain, hasLetter else {
      throw TrackingError(
        .invalid,
        "the model name `\(shown(name))` may not have `/`, `:` or control characters, nor only dots"
      )
    }
  }

  /// Checks that a name is there and not longer than `limit` characters.
  static func checkLength(_ name: String, of kind: String, limit: Int = maximumLength) throws {
    guard name.contains(where: { !$0.isWhitespace }) else {
      throw TrackingError(.invalid, "a \(kind) needs a name, found `\(name)`")
    }
    guard name.unicodeScalars.count <= limit else {
      throw TrackingError(
        .invalid,
        "the \(kind) name `\(shown(name))` has \(name.unicodeScalars.count) characters: at most "
          + "\(limit) are allowed"
      )
    }
  }

  private static func shown(_ name: String) -> String {
    let plain = name.unicodeScalars.prefix(60).map { $0.escaped(asASCII: false) }.joined()
    return name.unicodeScalars.count > 60 ? plain + "…" : plain
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.numericType != nil { return true }
    return "_-. :/".unicodeScalars.contains(scalar)
  }
}
