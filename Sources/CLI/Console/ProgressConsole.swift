import Foundation
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Shows how an attempt goes on: tasks and their log on stderr, what they print on stdout, raw.
///
/// On a terminal the running tasks are listed below the log and kept up to date; elsewhere each change is a line.
final class ProgressConsole: Sendable {
  /// How lines look.
  enum Format: String, Sendable, CaseIterable { case text, json }

  private struct State {
    var lastSeen: [TaskID: TaskState] = [:]
    var running: [TaskID: TaskEntry] = [:]
    var live = LiveList()
    /// What was printed does not end in a newline, so a log line needs one first.
    var isInLine = false
  }

  private let format: Format
  private let minimum: LogLevel
  private let isLive: Bool
  private let log: AttemptLog
  private let now: @Sendable () -> Double
  private let state = Mutex(State())

  init(format: Format, minimum: LogLevel, log: AttemptLog, now: @escaping @Sendable () -> Double) {
    self.format = format
    self.minimum = minimum
    self.log = log
    self.now = now
    isLive = format == .text && StandardError.isTerminal
  }

  var listener: AttemptListener {
    AttemptListener(
      changed: { self.show($0) },
      printed: { self.print($1, of: $0) },
      logged: { self.line($1, $2, task: $0) }
    )
  }

  /// Redraws the list of running tasks, with their times, until cancelled.
  func animate() async {
    guard isLive else { return }
    while !Task.isCancelled {
      state.withLock { state in
        // Below half a line the list would have to be erased together with what was printed.
        guard !(state.isInLine && StandardOutput.isTerminal) else { return }
        state.live.draw(Array(state.running.values), at: now())
      }
      do { try await Task.sleep(for: .milliseconds(250)) } catch { break }
    }
    state.withLock { $0.live.erase() }
  }

  /// A line about the attempt as a whole.
  func note(_ level: LogLevel, _ text: String) {
    line(level, text, task: nil)
  }

  private func show(_ entries: [TaskEntry]) {
    for entry in entries {
      let before = state.withLock { state in
        defer { state.lastSeen[entry.id] = entry.state }
        state.running[entry.id] = entry.state == .running && !entry.isGroup ? entry : nil
        return state.lastSeen[entry.id]
      }
      if before != entry.state { announce(entry, before: before) }
    }
  }

  private func announce(_ entry: TaskEntry, before: TaskState?) {
    guard let type = entry.operatorType, !entry.isResumed else { return }
    switch entry.state {
    case .running where before != .retryWaiting:
      line(isLive ? .debug : .info, "started \(type)>", task: entry.fullName)
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

  private func print(_ bytes: [UInt8], of task: String) {
    state.withLock { state in
      state.live.erase()
      StandardOutput.write(bytes)
      if let last = bytes.last { state.isInLine = last != UInt8(ascii: "\n") }
    }
    log.append(bytes, task: task)
  }

  private func line(_ level: LogLevel, _ text: String, task: String?) {
    log.append(level, text, task: task, at: now())
    guard level >= minimum else { return }
    let shown = format == .json ? json(level, text, task) : plain(level, text, task)
    state.withLock { state in
      state.live.erase()
      let isMixed = state.isInLine && StandardOutput.isTerminal && StandardError.isTerminal
      StandardError.line((isMixed ? "\n" : "") + shown)
      state.isInLine = false
    }
  }

  private func plain(_ level: LogLevel, _ text: String, _ task: String?) -> String {
    let clock = Date(timeIntervalSince1970: now()).formatted(
      .verbatim(
        "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
        timeZone: .current,
        calendar: Calendar(identifier: .gregorian)
      )
    )
    let mark = level == .info ? "" : "\(level.rawValue.uppercased()) "
    return "\(clock) \(mark)\(task.map { $0 + " " } ?? "")\(text)"
  }

  private func json(_ level: LogLevel, _ text: String, _ task: String?) -> String {
    let line: ObjectValue = [
      "time": .string(Timestamp.text(now())), "level": .string(level.rawValue),
      "task": task.map { .string($0) } ?? .null, "message": .string(text),
    ]
    return JSON.encode(.object(line))
  }
}
