/// A place in a file of the project.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// Relative to the project folder.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in characters.
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }
}
