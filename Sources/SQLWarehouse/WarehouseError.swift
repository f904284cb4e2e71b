/// Why the warehouse could not do what was asked.
public struct WarehouseError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, to branch on.
  public enum Code: String, Sendable, CaseIterable {
    /// The text is no statement of its dialect.
    case syntax
    case unknownDatabase, unknownTable, unknownColumn, unknownFunction
    /// Understood, but not to be had on this engine with its exact meaning.
    case unsupported
    /// Values of one type where another is needed, or a text that is no number.
    case typeMismatch
    /// A query and its target table have different columns.
    case columnMismatch
    case badName
    /// The statement was accepted and failed while it ran.
    case execution
    case diskFull, outOfMemory
    /// Another process has the warehouse.
    case locked
    /// The database file cannot be opened or read.
    case database
    /// A file to load or to write cannot be read or written.
    case file
    case libraryMissing, translatorMissing
  }

  /// A place in the text that the user wrote, counted from 1.
  public struct Place: Sendable, Hashable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }

    public var description: String { "\(line):\(column)" }
  }

  public let code: Code
  public let message: String
  /// Where in the user's own text; nil when it is not known.
  public let place: Place?
  /// What to do about it.
  public let hint: String?

  public init(_ code: Code, _ message: String, place: Place? = nil, hint: String? = nil) {
    self.code = code
    self.message = message
    self.place = place
    self.hint = hint
  }

  /// `line 3:8: message; hint`.
  public var description: String {
    (place.map { "line \($0): " } ?? "") + message + (hint.map { "; \($0)" } ?? "")
  }
}
