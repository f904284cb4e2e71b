/// One step of a YAML text, as libyaml reports it.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case listStart
    case listEnd
    case mapStart
    case mapEnd
  }

  let kind: Kind
  let anchor: String?
  /// In full, as `tag:yaml.org,2002:str`; nil where none was written.
  let tag: String?
  /// Counted from 1.
  let line: Int
  /// Counted from 1, in characters.
  let column: Int
}

/// Why libyaml gave up, and where.
struct YAMLSyntaxProblem: Error {
  let message: String
  /// What was being read, as `while scanning a quoted scalar`; its place is where that began.
  let context: String?
  let contextPlace: (line: Int, column: Int)?
  /// Counted from 1.
  let line: Int
  let column: Int
}
