import Foundation
import Synchronization
import WorkflowEngine

/// Keeps everything an attempt said in one file of its folder, lines with time and task, printed bytes as they came.
final class AttemptLog: Sendable {
  private let file: Mutex<FileHandle?>

  /// - Parameter folder: the attempt's folder; made when it is missing. nil keeps nothing.
  /// - Throws: what the file system says.
  init(folder: String?) throws {
    guard let folder else {
      file = Mutex(nil)
      return
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/attempt.log"
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(
        atPath: path,
        contents: nil,
        attributes: [.posixPermissions: 0o600]
      )
    }
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    // An attempt that goes on after its process died goes on with its log.
    try handle.seekToEnd()
    file = Mutex(handle)
  }

  func append(_ level: LogLevel, _ text: String, task: String?, at time: Double) {
    let line =
      "\(Timestamp.text(time)) [\(level.rawValue.uppercased())] (\(task ?? "attempt")) \(text)\n"
    write(Foundation.Data(line.utf8))
  }

  func append(_ bytes: [UInt8], task: String) {
    write(Foundation.Data(bytes))
  }

  private func write(_ data: Foundation.Data) {
    file.withLock { file in
      // why: a full disk must not end the attempt through its log
      try? file?.write(contentsOf: data)
    }
  }
}
