public import Values

/// A notebook that comes with the product, and the options it takes.
public struct ShippedNotebook: Sendable {
  /// The name a workflow gives in `notebook:`.
  public let name: String
  public let summary: String
  public let options: [NotebookOption]

  /// Checked options: what to hand to the notebook, and what only the operator needs.
  public struct Options: Sendable {
    /// For ``NotebookJob/parameters``, typed and with defaults; `input_path` and `model_path` are added by the caller.
    public var parameters: ObjectValue
    /// Typed values of the options that only the operator reads, as `timeout` and `export_leaderboard`.
    public let operatorValues: ObjectValue
    /// One sentence for each key that is not an option of this notebook.
    public let warnings: [String]
  }

  /// Checks the keys a workflow wrote and fills in the defaults.
  ///
  /// A key close to an option's name is taken for a slip and refused; any other unknown key is ignored with a warning.
  /// - Throws: ``NotebookError`` `badParameters` that names the option, what it may be and what was found.
  public func check(_ written: ObjectValue) throws(NotebookError) -> Options {
    var parameters = ObjectValue()
    var others = ObjectValue()
    for option in options {
      let value: Value?
      if let given = written[option.name], !given.isNull {
        value = try option.read(given)
      } else if option.required {
        throw NotebookError(
          .badParameters,
          "notebook `\(name)` needs `\(option.name)`: \(option.summary)"
            + (slip(of: option.name, in: written).map { "; did you mean it with `\($0)`?" } ?? "")
        )
      } else {
        value = option.fallback
      }
      guard let value else { continue }
      switch option.reader {
      case .notebook: parameters[option.name] = value
      case .operator: others[option.name] = value
      case .both:
        parameters[option.name] = value
        others[option.name] = value
      }
    }
    return Options(
      parameters: parameters,
      operatorValues: others,
      warnings: try warnings(about: written)
    )
  }

  private func warnings(about written: ObjectValue) throws(NotebookError) -> [String] {
    let names = options.map(\.name)
    var warnings: [String] = []
    for key in written.keys where !names.contains(key) {
      if let near = Suggestion.nearest(to: key, among: names, limit: 1).first, isSlip(key, near) {
        throw NotebookError(
          .badParameters,
          "notebook `\(name)` has no option `\(key)`; did you mean `\(near)`?"
        )
      }
      warnings.append("notebook `\(name)` has no option `\(key)`: it is ignored")
    }
    return warnings
  }

  /// A key that no option has and that is near to a missing one.
  private func slip(of option: String, in written: ObjectValue) -> String? {
    written.keys.first { key in
      !options.contains { $0.name == key } && Suggestion.slip(key, of: [option]) != nil
    }
  }

  /// True for a difference of one letter in four.
  private func isSlip(_ word: String, _ near: String) -> Bool {
    Suggestion.nearest(to: word, among: [near]).first != nil
      && commonLetters(word, near) * 4 >= near.count * 3
  }

  private func commonLetters(_ left: String, _ right: String) -> Int {
    var rest = Array(left)
    return right.reduce(0) { count, letter in
      guard let position = rest.firstIndex(of: letter) else { return count }
      rest.remove(at: position)
      return count + 1
    }
  }
}
