import SQLWarehouse
import WorkflowEngine

extension TaskContext {
  /// Names a write of this try.
  ///
  /// - Parameters:
  ///   - part: tells it from other writes of the same try.
  ///   - job: kept with it.
  /// - Returns: nil where the try is not repeated.
  func writeKey(_ part: String = "", job: Int64 = 0) -> WriteKey? {
    tryKey.map { WriteKey(part.isEmpty ? $0.text : "\($0.text) \(part)", job: job) }
  }
}

extension WriteRecord {
  /// For the log of a task that finds its work done.
  var sentence: String {
    "was done already before the process ended; not run again"
      + (rowCount > 0 ? " (\(rowCount) rows)" : "")
  }
}
