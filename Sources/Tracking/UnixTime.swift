/// A moment as milliseconds since 1970-01-01T00:00:00Z, the unit of every stored time.
public struct UnixTime: Sendable, Hashable, Comparable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whole seconds, rounded down: what the SQL time functions take.
  public var seconds: Int64 {
    milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0)
  }

  public static func < (left: UnixTime, right: UnixTime) -> Bool {
    left.milliseconds < right.milliseconds
  }
}
