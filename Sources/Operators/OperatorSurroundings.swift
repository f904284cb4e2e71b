public import Foundation

/// What operators take from the process around them: handed in, so that tests own time, names and environment.
public struct OperatorSurroundings: Sendable {
  /// What scripts of `sh>` inherit.
  public var environment: [String: String]
  /// For files that live as long as one task.
  public var temporaryDirectory: String
  public var clock: @Sendable () -> Date
  /// A text of letters, digits and hyphens that was never given before.
  public var newID: @Sendable () -> String
  /// The number of a query: greater than all before.
  public var nextJobID: @Sendable () -> Int64

  public init(
    environment: [String: String],
    temporaryDirectory: String,
    clock: @escaping @Sendable () -> Date,
    newID: @escaping @Sendable () -> String,
    nextJobID: @escaping @Sendable () -> Int64
  ) {
    self.environment = environment
    self.temporaryDirectory = temporaryDirectory
    self.clock = clock
    self.newID = newID
    self.nextJobID = nextJobID
  }
}
