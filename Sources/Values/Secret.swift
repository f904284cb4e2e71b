/// Text that must not be shown: its description is `***`, and reading it takes an explicit call.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The text itself; for the one call that must have it.
  public func reveal() -> String { text }

  public var description: String { "***" }
  public var debugDescription: String { "***" }
}
