import Foundation
import Synchronization

/// Keeps everything an attempt says in one file, each line with its time, level and task.
///
/// ```
/// 2026-11-24T07:00:00.250Z [INFO] (+wf+load) started sh>
/// 2026-11-24T07:00:00.300Z [OUT] (+wf+load) 42 rows
/// ```
/// What a task prints is split into lines (level `OUT`); a piece of a line that goes on has level `OUT+`. The bytes of a line
/// are kept as they came. Each call is one write to the file, so the death of the process loses nothing that was said.
/// The log of 100,000 tasks is still one file, and that of one task is a filter over it.
public final class AttemptLog: Sendable {
  /// Bytes that the log keeps of what one task prints.
  public static let usualOutputLimit = 64 << 20

  /// How a task's output stands.
  private struct Output {
    var lines = PrintedLines()
    /// When the line that is still open began.
    var openSince = 0.0
    /// Bytes written for it, with the beginnings of lines.
    var kept = 0
    var isFull = false
  }

  private struct State {
    var file: LogFile
    var outputs: [String: Output] = [:]
  }

  private let state: Mutex<State>
  private let outputLimit: Int
  private let now: @Sendable () -> Double

  /// Opens the log, at its end if it exists.
  ///
  /// - Parameters:
  ///   - file: made when it is missing, with its folder; readable for its owner only.
  ///   - outputLimit: bytes kept of what one task prints.
  ///   - now: Unix time in seconds.
  /// - Throws: what the file system says.
  public init(file: String, outputLimit: Int, now: @escaping @Sendable () -> Double) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: file).deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    state = Mutex(State(file: try LogFile(path: file)))
    self.outputLimit = outputLimit
    self.now = now
  }

  deinit { state.withLock { $0.file.close() } }

  /// Why something could not be kept, such as a full disk; nil when all was.
  public var problem: String? { state.withLock { $0.file.problem } }

  /// Keeps a text about a task, or about the attempt as a whole; each line of it becomes one of the log.
  public func append(_ level: LogLevel, _ text: String, task: String?) {
    let start = Self.start(now(), LogLine.Level(level), task ?? LogLine.attempt)
    state.withLock { state in
      var lines = PrintedLines()
      var text = text
      text.withUTF8 { bytes in
        lines.take(UnsafeRawBufferPointer(bytes)) { piece, _ in state.file.add(start, piece) }
      }
      if !lines.rest.isEmpty || text.isEmpty {
        lines.rest.withUnsafeBytes { state.file.add(start, $0) }
      }
      state.file.write()
    }
  }

  /// Keeps what a task printed.
  public func append(printed bytes: [UInt8], of task: String) {
    guard !bytes.isEmpty else { return }
    let time = now()
    state.withLock { state in
      var output = state.outputs.removeValue(forKey: task) ?? Output()
      let wasOpen = !output.lines.rest.isEmpty
      if !output.isFull {
        let starts = Starts(time, task)
        var lines = output.lines
        output.lines = PrintedLines()
        bytes.withUnsafeBytes { bytes in
          lines.take(bytes) { keep($0, $1, starts, &output, &state) }
        }
        output.lines = lines
        if !wasOpen { output.openSince = time }
      }
      state.outputs[task] = output
      state.file.write()
    }
  }

  /// Keeps the beginnings of lines that have waited for their end since before a moment.
  public func flush(before moment: Double) {
    let time = now()
    state.withLock { state in
      for (task, output) in state.outputs
      where output.openSince < moment && !output.lines.rest.isEmpty {
        flush(task, at: time, &state)
      }
      state.file.write()
    }
  }

  /// Keeps the open line of a task that stopped printing; one that is over prints nothing more and is forgotten.
  public func flush(task: String, isOver: Bool) {
    let time = now()
    state.withLock { state in
      guard state.outputs[task] != nil else { return }
      flush(task, at: time, &state)
      if isOver { state.outputs[task] = nil }
      state.file.write()
    }
  }

  private func flush(_ task: String, at time: Double, _ state: inout State) {
    guard var output = state.outputs[task] else { return }
    let starts = Starts(time, task)
    var lines = output.lines
    lines.flush { keep($0, $1, starts, &output, &state) }
    output.lines = lines
    state.outputs[task] = output
  }

  private func keep(
    _ piece: UnsafeRawBufferPointer,
    _ isEnd: Bool,
    _ starts: Starts,
    _ output: inout Output,
    _ state: inout State
  ) {
    guard !output.isFull else { return }
    let start = isEnd ? starts.line : starts.part
    output.kept += start.count + piece.count + 1
    guard output.kept <= outputLimit else {
      output.isFull = true
      var words = "more was printed but is not kept: the limit is \(outputLimit) bytes a task"
      return words.withUTF8 { state.file.add(starts.warning, UnsafeRawBufferPointer($0)) }
    }
    state.file.add(start, piece)
  }

  /// The beginnings of lines at one moment.
  private struct Starts {
    let line: [UInt8]
    let part: [UInt8]
    let warning: [UInt8]

    init(_ time: Double, _ task: String) {
      line = AttemptLog.start(time, .output, task)
      part = AttemptLog.start(time, .outputPart, task)
      warning = AttemptLog.start(time, .warning, task)
    }
  }

  private static func start(_ time: Double, _ level: LogLine.Level, _ task: String) -> [UInt8] {
    TimeText.bytes(time) + Array(" [\(level.rawValue)] (\(task)) ".utf8)
  }
}
