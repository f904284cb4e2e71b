public import Values

/// The merged, evaluated parameters of a task, read by name with the language's coercions.
public final class Parameters: Sendable {
  public let values: ObjectValue

  public init(_ values: ObjectValue, local: [String] = []) {
    self.values = values
  }
}
