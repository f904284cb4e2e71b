import Foundation
import WorkflowEngine

extension AttemptPage.Task {
  /// A task as it is recorded.
  ///
  /// - Parameters:
  ///   - task: with its state of now.
  ///   - notebook: the page of the notebook it executed, below the folder `notebooks`; nil for none.
  init(_ task: TaskSummary, notebook: String? = nil) {
    self.init(
      id: task.id,
      parent: task.parent,
      fullName: task.fullName,
      type: task.type,
      state: task.state,
      startedAt: task.startedAt,
      finishedAt: task.finishedAt,
      retryCount: task.retryCount,
      error: task.error,
      parameters: task.export,
      store: task.store,
      pollState: task.pollState,
      notebook: notebook
    )
  }
}

extension LogTail {
  /// The end of the log of an attempt, read from not far before its end.
  ///
  /// - Parameter file: is not there while nothing was said.
  /// - Throws: what the file system says.
  init(endOf file: String) throws {
    guard FileManager.default.fileExists(atPath: file) else {
      self.init(lines: [], isCut: false)
      return
    }
    let start = try Self.beginning(of: file)
    try self.init(LogReader(file: file, from: start), isCut: start > 0)
  }

  /// Where the first line begins of the last bytes of a file.
  private static func beginning(of file: String) throws -> UInt64 {
    let handle = try FileHandle(forReadingFrom: URL(filePath: file))
    let size = try handle.seekToEnd()
    guard size > UInt64(window) else { return 0 }
    let start = size - UInt64(window)
    try handle.seek(toOffset: start)
    let bytes = try handle.read(upToCount: window) ?? Data()
    guard let newline = bytes.firstIndex(of: 10) else { return size }
    return start + UInt64(newline - bytes.startIndex) + 1
  }

  /// Bytes, enough for as many lines as are shown unless they are very long.
  private static let window = 1 << 20

  private init(_ reader: LogReader, isCut: Bool) throws {
    var kept: [Line] = []
    var isCut = isCut
    try reader.read { line in
      kept.append(
        Line(time: line.time, level: line.level.rawValue, task: line.task, message: line.text)
      )
      // Thrown away by halves, so that a long log is not moved about at every line.
      if kept.count >= 2 * Self.size {
        kept.removeFirst(kept.count - Self.size)
        isCut = true
      }
    }
    self.init(lines: Array(kept.suffix(Self.size)), isCut: isCut || kept.count > Self.size)
  }
}
