/// Why a database could not do what was asked.
///
/// The message names the file and what to do; bound arguments never appear in it.
public struct StorageError: Error, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable, CaseIterable {
    /// Another process or connection kept its write transaction for longer than the time-out.
    case busy
    /// No space on the disk; the transaction was rolled back.
    case full
    /// The file is no database, or is damaged.
    case corrupt
    /// The file or its folder may not be written.
    case readOnly
    /// A unique, foreign key, check or not-null rule refused the row.
    case constraint
    /// The file was written by a newer version of the program.
    case newerSchema
    /// The file could not be opened, read or written.
    case io
    /// The SQL text or its arguments are wrong.
    case statement
  }

  public let code: Code
  public let message: String
  /// What the database itself reported.
  public let cause: (any Error)?

  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var description: String { message }
}
