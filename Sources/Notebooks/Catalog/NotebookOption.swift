public import Values

/// One option of a shipped notebook: its name, what it accepts and what it is without being given.
public struct NotebookOption: Sendable, Hashable {
  /// What an option accepts.
  public enum Kind: String, Sendable, Hashable {
    case text
    /// `table` or `database.table`.
    case table
    /// Names separated by commas, or a list of names.
    case columns
    case integer
    case number
    /// A number of seconds, or arithmetic such as `60 * 3`.
    case seconds
    case truth = "true or false"
    case object = "a map"
  }

  /// Who reads an option.
  public enum Reader: Sendable, Hashable {
    /// The notebook, as a parameter.
    case notebook
    /// The operator around it.
    case `operator`
    /// The operator, and the notebook to see that it was asked for.
    case both
  }

  public let name: String
  public let kind: Kind
  /// Given to the notebook when the option is absent; nil means it may stay absent.
  public let fallback: Value?
  public let required: Bool
  /// What it may be, where that is a list of words.
  public let choices: [String]
  /// The least and the greatest number.
  public let range: ClosedRange<Double>?
  public let reader: Reader
  /// One sentence for people.
  public let summary: String

  init(
    _ name: String,
    _ kind: Kind,
    default fallback: Value? = nil,
    required: Bool = false,
    choices: [String] = [],
    range: ClosedRange<Double>? = nil,
    reader: Reader = .notebook,
    _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.fallback = fallback
    self.required = required
    self.choices = choices
    self.range = range
    self.reader = reader
    self.summary = summary
  }
}
