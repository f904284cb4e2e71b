public import Values

/// Reads YAML of the workflow dialect that stands alone: parameter files, secrets, settings.
public enum YAMLDocument {
  /// The value of a text, JSON included; an empty text is an empty map.
  ///
  /// - Parameters:
  ///   - text: YAML; a file whose name ends in `.json` is read as JSON, with JSON's number types.
  ///   - file: the name for messages.
  /// - Returns: a map in most files, but any kind of value is read.
  /// - Throws: ``WorkflowError`` `yaml`, `duplicateKey` or `include` with the place; the first of all problems.
  public static func load(text: String, file: String) throws(WorkflowError) -> Value {
    if file.hasSuffix(".json") { return try json(text, file: file) }
    try YAMLText.check(text, file: file)
    let (root, problems) = compose(text: text, file: file)
    if let problem = problems.first {
      // why: JSON that is no YAML, as with `\ud83d`, is taken as JSON; else the YAML problem is the one to tell
      if text.first(where: { !$0.isWhitespace }) == "{", let value = try? JSON.decode(text) {
        return value
      }
      throw problem
    }
    guard let root else { return .object(ObjectValue()) }
    if root.hasInclude {
      throw WorkflowError(
        .include,
        "`!include` is followed in the files of a project only",
        at: SourceLocation(file: file, line: 1, column: 1)
      )
    }
    return root.value
  }

  /// The same for a text that must hold a map.
  public static func loadObject(text: String, file: String) throws(WorkflowError) -> ObjectValue {
    let value = try load(text: text, file: file)
    guard let object = value.object else {
      throw WorkflowError(
        .yaml,
        "Expected object to load Config but got \(value.kind)",
        at: SourceLocation(file: file, line: 1, column: 1),
        hint: "write `key: value` lines"
      )
    }
    return object
  }

  private static func json(_ text: String, file: String) throws(WorkflowError) -> Value {
    do {
      return try JSON.decode(text)
    } catch {
      throw WorkflowError(
        .yaml,
        error.message,
        at: SourceLocation(file: file, line: error.line, column: error.column)
      )
    }
  }

  private static func composed(
    _ text: String,
    file: String
  ) throws(WorkflowError) -> (root: YAMLNode?, problems: [WorkflowError]) {
    var composer = try YAMLComposer(text: text, file: file)
    do {
      let root = try composer.document()
      return (root.flatMap { $0.isNull && $0.isPlain ? nil : $0 }, composer.problems)
    } catch {
      return (nil, composer.problems + [error])
    }
  }

  /// The tree of a text and everything wrong with it; nil for an empty text and for one without syntax.
  static func compose(text: String, file: String) -> (root: YAMLNode?, problems: [WorkflowError]) {
    do {
      let text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
      let found = try composed(text, file: file)
      guard found.problems.contains(where: SurrogatePairs.isComplaint) else { return found }
      guard let joined = SurrogatePairs.joined(in: text) else { return found }
      let second = try composed(joined, file: file)
      return second.root == nil ? found : second
    } catch {
      return (nil, [error])
    }
  }
}
