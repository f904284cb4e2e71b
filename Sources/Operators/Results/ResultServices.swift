public import Values

/// What results need that the engine does not give: the user's connections, and a place to keep what jobs gave.
public struct ResultServices: Sendable {
  let connections: ObjectValue
  let configurationFile: String
  let jobs: JobArchive

  /// - Parameters:
  ///   - connections: the user's own, by name; each a map of settings.
  ///   - configurationFile: where they are written, for messages.
  ///   - jobsFolder: where the results of jobs are kept, made on demand; nil where none is kept.
  public init(connections: ObjectValue, configurationFile: String, jobsFolder: String?) {
    self.connections = connections
    self.configurationFile = configurationFile
    jobs = JobArchive(folder: jobsFolder)
  }
}
