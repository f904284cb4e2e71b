/// How much one template may use.
public struct TemplateLimits: Sendable, Hashable {
  /// Memory of one engine, with the 0.2 MB that it takes itself and 1.2 MB of moment.
  public var memoryInBytes: Int
  /// Processor time after which a script is interrupted.
  public var interruptAfter: Duration
  /// Processor time after which a native function, where no interrupt is seen, is abandoned.
  public var abandonAfter: Duration
  /// How many idle engines of each kind are kept for reuse.
  public var idleEngines: Int

  public init(
    memoryInBytes: Int = 64 << 20,
    interruptAfter: Duration = .milliseconds(300),
    abandonAfter: Duration = .milliseconds(600),
    idleEngines: Int = 4
  ) {
    self.memoryInBytes = memoryInBytes
    self.interruptAfter = interruptAfter
    self.abandonAfter = abandonAfter
    self.idleEngines = idleEngines
  }
}
