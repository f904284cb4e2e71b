import WorkflowEngine

extension AttemptPage.Task {
  /// A task as it is recorded.
  ///
  /// - Parameters:
  ///   - task: with its state of now.
  ///   - notebook: the path below the attempt's folder of the notebook it executed; nil for none.
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
  /// The end of a log file.
  init(_ reader: LogReader) throws {
    var kept: [Line] = []
    var isCut = false
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
