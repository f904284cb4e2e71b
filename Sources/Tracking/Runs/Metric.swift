/// One measured value of a run.
public struct Metric: Sendable, Hashable {
  public let name: String
  /// May be infinite or not a number; minus zero is kept as zero.
  public let value: Double
  /// 0 where steps have no meaning.
  public let step: Int64
  /// When it was measured; nil takes the time of logging.
  public let time: UnixTime?

  public init(_ name: String, _ value: Double, step: Int64 = 0, time: UnixTime? = nil) {
    self.name = name
    self.value = value
    self.step = step
    self.time = time
  }
}
