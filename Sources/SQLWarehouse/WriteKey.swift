/// Names a write that must happen once, however often it is asked for: by a task that is repeated after its process was
/// killed between the commit of the rows and the note that the task is done.
public struct WriteKey: Sendable, Hashable {
  /// The same for each repetition of one write, another for every other write.
  public let text: String
  /// The number of the job that writes; kept with the key, it changes nothing about which writes are the same.
  public let job: Int64

  public init(_ text: String, job: Int64) {
    self.text = text
    self.job = job
  }
}

/// A write that was committed under its key.
public struct WriteRecord: Sendable, Hashable {
  /// The number of the job that wrote.
  public let job: Int64
  public let rowCount: Int

  public init(job: Int64, rowCount: Int) {
    self.job = job
    self.rowCount = rowCount
  }
}
