import Foundation
import WorkflowEngine
import WorkflowLanguage

/// What one attempt says, on the console and in its log.
struct AttemptVoice: Sendable {
  let console: ProgressConsole
  /// nil keeps nothing, as for a dry run.
  let log: AttemptLog?
  let attempt: Int64
  /// Set for an attempt that another one requires: its lines name the workflow.
  var prefix = ""
  /// Hides secrets; nil where nothing is hidden.
  var mask: OutputMask?

  /// How long the beginning of a printed line waits for its end.
  private static let patience = 0.5

  var listener: AttemptListener {
    AttemptListener(
      changed: { for entry in $0 { show(entry) } },
      printed: { task, bytes in print(mask?.printed(bytes, by: task) ?? bytes, of: task) },
      logged: { line($1, $2, task: $0) }
    )
  }

  /// A line about the attempt as a whole.
  func note(_ level: LogLevel, _ text: String) {
    line(level, prefix + text, task: nil)
  }

  /// Runs an attempt to its end and keeps what it says.
  func accompany(_ runner: AttemptRunner) async throws -> AttemptStatus {
    try await withThrowingTaskGroup(of: AttemptStatus?.self) { group in
      group.addTask {
        await keepUp(now: Wiring.now)
        return nil
      }
      group.addTask { try await runner.run() }
      defer { group.cancelAll() }
      while let status = try await group.next() {
        if let status { return status }
      }
      return AttemptStatus.error
    }
  }

  /// Keeps printed text that waits for the end of its line, until cancelled.
  func keepUp(now: @Sendable () -> Double) async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: .milliseconds(250)) } catch { break }
      log?.flush(before: now() - Self.patience)
    }
  }

  private func print(_ bytes: [UInt8], of task: String) {
    guard !bytes.isEmpty else { return }
    console.print(bytes)
    log?.append(printed: bytes, of: task)
  }

  private func line(_ level: LogLevel, _ text: String, task: String?) {
    let text = mask?.text(text) ?? text
    log?.append(level, text, task: task)
    console.line(level, text, attempt: attempt, task: task)
  }

  private func show(_ entry: TaskEntry) {
    let before = console.note(entry, of: attempt)
    guard before != entry.state else { return }
    if before == .running {
      if let rest = mask?.rest(of: entry.fullName) { print(rest, of: entry.fullName) }
      log?.flush(task: entry.fullName, isOver: entry.state.isDone)
    }
    announce(entry, before: before)
  }

  private func announce(_ entry: TaskEntry, before: TaskState?) {
    guard let type = entry.operatorType, !entry.isResumed else { return }
    switch entry.state {
    case .running where before != .retryWaiting:
      line(console.showsRunningTasks ? .debug : .info, "started \(type)>", task: entry.fullName)
    case .success: line(.info, "success\(seconds(entry))", task: entry.fullName)
    case .retryWaiting:
      if let error = entry.error {
        line(.warning, "failed, will be tried again: \(error.message)", task: entry.fullName)
      }
    case .error: fail(entry)
    case .planned where before == .running && entry.error != nil: fail(entry)
    case .canceled: line(.warning, "canceled", task: entry.fullName)
    case .blocked, .ready, .running, .groupRetryWaiting, .planned, .groupError: break
    }
  }

  private func fail(_ entry: TaskEntry) {
    guard let error = entry.error else { return }
    let place = entry.node.location.map { error.message.contains("\($0)") ? "" : " at \($0)" } ?? ""
    line(.error, "failed\(place): \(error.message)", task: entry.fullName)
    if !error.detail.isEmpty { line(.error, error.detail, task: entry.fullName) }
  }

  private func seconds(_ entry: TaskEntry) -> String {
    guard let start = entry.startedAt, let end = entry.finishedAt, end - start >= 0.05 else {
      return ""
    }
    return String(format: " in %.1f s", end - start)
  }
}
