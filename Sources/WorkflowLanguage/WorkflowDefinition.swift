public import Values

/// A workflow of a project: the root task and what stands beside it at the top of the file.
public struct WorkflowDefinition: Sendable, Hashable {
  /// The file name without `.dig`.
  public let name: String
  /// Relative to the project folder.
  public let file: String
  /// A zone id that was checked; `UTC` when the file names none.
  public let timezone: String
  /// `schedule:`, raw.
  public let schedule: ObjectValue?
  /// `sla:`, raw.
  public let sla: ObjectValue?
  /// The root task `+<name>`.
  public let root: TaskNode

  public init(
    name: String,
    file: String,
    timezone: String,
    schedule: ObjectValue?,
    sla: ObjectValue?,
    root: TaskNode
  ) {
    self.name = name
    self.file = file
    self.timezone = timezone
    self.schedule = schedule
    self.sla = sla
    self.root = root
  }
}
