import Foundation
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Shows how attempts go on: tasks and their logs on stderr, what they print on stdout, raw.
///
/// On a terminal the running tasks are listed below the log and kept up to date; elsewhere each change is a line.
/// Several attempts may speak at the same time, as when one requires another.
final class ProgressConsole: Sendable {
  /// How lines look.
  enum Format: String, Sendable, CaseIterable { case text, json }

  /// A task of one of the attempts.
  private struct Key: Hashable {
    let attempt: Int64
    let task: TaskID
  }

  private struct State {
    var lastSeen: [Key: TaskState] = [:]
    var running: [Key: TaskEntry] = [:]
    var live = LiveList()
    var clock = WallClock()
    /// What was printed does not end in a newline, so a log line needs one first.
    var isInLine = false
  }

  private let format: Format
  private let minimum: LogLevel
  private let isLive: Bool
  /// False where attempts speak in their logs only, as on a server.
  private let showsAttempts: Bool
  private let now: @Sendable () -> Double
  private let state = Mutex(State())

  init(
    format: Format,
    minimum: LogLevel,
    showsAttempts: Bool = true,
    now: @escaping @Sendable () -> Double
  ) {
    self.format = format
    self.minimum = minimum
    self.showsAttempts = showsAttempts
    self.now = now
    isLive = format == .text && showsAttempts && StandardError.isTerminal
  }

  /// True when started tasks are seen in the list, so that a line about each is too much.
  var showsRunningTasks: Bool { isLive }

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

  /// Remembers how a task stands; gives how it stood before, nil when it was not seen yet.
  func note(_ entry: TaskEntry, of attempt: Int64) -> TaskState? {
    let key = Key(attempt: attempt, task: entry.id)
    return state.withLock { state in
      state.running[key] = entry.state == .running && !entry.isGroup ? entry : nil
      return state.lastSeen.updateValue(entry.state, forKey: key)
    }
  }

  /// Forgets the tasks of an attempt that ended.
  func forget(_ attempt: Int64) {
    state.withLock { state in
      state.lastSeen = state.lastSeen.filter { $0.key.attempt != attempt }
      state.running = state.running.filter { $0.key.attempt != attempt }
    }
  }

  func print(_ bytes: [UInt8]) {
    guard showsAttempts else { return }
    state.withLock { state in
      state.live.erase()
      StandardOutput.write(bytes)
      if let last = bytes.last { state.isInLine = last != UInt8(ascii: "\n") }
    }
  }

  /// A line about a task, or without one about an attempt or the whole process.
  func line(_ level: LogLevel, _ text: String, attempt: Int64?, task: String?) {
    guard level >= minimum, showsAttempts || attempt == nil else { return }
    let time = now()
    state.withLock { state in
      let shown =
        format == .json
        ? Self.json(level, text, attempt, task, at: time)
        : "\(state.clock.text(time)) \(level == .info ? "" : level.rawValue.uppercased() + " ")"
          + "\(task.map { $0 + " " } ?? "")\(text)"
      state.live.erase()
      let isMixed = state.isInLine && StandardOutput.isTerminal && StandardError.isTerminal
      StandardError.line((isMixed ? "\n" : "") + shown)
      state.isInLine = false
    }
  }

  private static func json(
    _ level: LogLevel,
    _ text: String,
    _ attempt: Int64?,
    _ task: String?,
    at time: Double
  ) -> String {
    let line: ObjectValue = [
      "time": .string(TimeText.text(time)), "level": .string(level.rawValue),
      "attempt": attempt.map { .int($0) } ?? .null, "task": task.map { .string($0) } ?? .null,
      "message": .string(text),
    ]
    return JSON.encode(.object(line))
  }
}

/// The local time of day; what a second looks like is worked out once.
private struct WallClock {
  private var second = time_t.min
  private var shown = ""

  mutating func text(_ time: Double) -> String {
    let whole = time_t(time)
    if whole != second {
      second = whole
      var (moment, parts) = (whole, tm())
      localtime_r(&moment, &parts)
      shown = [parts.tm_hour, parts.tm_min, parts.tm_sec]
        .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
    return shown
  }
}
