public import Values
public import WorkflowLanguage

/// What tasks may reach: the network, the machine by the processes they start, and files.
public struct TaskIsolation: Sendable, Hashable {
  /// Everything that the user who runs the workflow may reach.
  public static let open = TaskIsolation(network: .open, processes: .open, files: .open)

  public var network: NetworkPolicy
  public var processes: ProcessPolicy
  public var files: FilePolicy

  public init(network: NetworkPolicy, processes: ProcessPolicy, files: FilePolicy) {
    self.network = network
    self.processes = processes
    self.files = files
  }

  /// Reads `isolation:` of a server's settings; what is missing is closed.
  ///
  /// - Throws: `WorkflowError` `parameter` that names the setting.
  public init(settings: ObjectValue) throws(WorkflowError) {
    let options = Parameters(settings, local: settings.keys, task: "isolation")
    network = try NetworkPolicy(settings: options.object("network") ?? [:])
    processes = try ProcessPolicy(settings: options.object("processes") ?? [:])
    files = try FilePolicy(settings: settings)
    _ = options.contains("files")
    try Self.refuseUnknown(options)
  }

  static func refuseUnknown(_ options: Parameters) throws(WorkflowError) {
    guard let key = options.unusedLocalKeys().first else { return }
    throw WorkflowError(.parameter, "`\(options.task)` has no setting `\(key)`")
  }
}
