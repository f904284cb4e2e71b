import ArgumentParser
import Foundation
import Values
import WorkflowEngine

/// `tadoru log N`: what an attempt said, also while it runs.
struct Log: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what an attempt or one of its tasks said and printed.",
    discussion: """
      tadoru log 7              everything
      tadoru log 7 +train       the tasks named +train and all below them
      tadoru log 7 +train --raw only what they printed, byte for byte

      A line is TIME [LEVEL] (TASK) text. Printed lines have level OUT; OUT+ is a piece of a line that goes on.
      """
  )

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @Argument(help: "The beginning of a task's full name, or parts from its middle.")
  var task: String?

  @Flag(name: .shortAndLong, help: "Go on until the attempt ends.")
  var follow = false

  @Option(
    help: "The quietest kind of line: debug, info (with what is printed), warning or error."
  )
  var level: LogLevel = .debug

  @Flag(help: "Only what tasks printed, without the beginnings of lines.")
  var raw = false

  @OptionGroup var options: PlaceOptions

  func validate() throws {
    if raw, options.json { throw ValidationError("only one of --raw and --json can be given") }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    if let server = try options.server() { return try await show(from: server) }
    let history = try options.opened()
    _ = try history.attempt(attempt)
    let file = history.project.log(of: attempt)
    let filter = LogFilter(task: task, minimum: level, isOutputOnly: raw)
    let printer = LogPrinter(form: raw ? .raw : options.json ? .json : .text)
    var reader: LogReader?
    while true {
      // Asked before reading: what was said until the end is then in the file.
      let isRunning = try follow && history.isRunning(attempt)
      if reader == nil, FileManager.default.fileExists(atPath: file) {
        reader = try LogReader(file: file)
      }
      try reader?.read { line in if filter.wants(line) { printer.print(line) } }
      printer.flush()
      guard isRunning, !StandardOutput.isGone else { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    guard reader == nil else { return }
    throw CommandFailure(
      .failed,
      "attempt \(attempt) has no log: `\(file)` is not there",
      hint: "it ended before its first task, or the file was removed"
    )
  }
}

extension Log {
  private func show(from server: RemoteServer) async throws {
    let log = RemoteLog(server: server, attempt: attempt, task: task, level: level)
    let form = LogForm(isJSON: options.json, isRaw: raw, escapes: StandardOutput.isTerminal)
    if follow { _ = try await log.follow(form) } else { try await log.show(form) }
  }
}

extension ProjectHistory {
  /// True while a process runs the attempt.
  func isRunning(_ id: Int64) throws -> Bool {
    guard let attempt = try attempts.attempt(id), attempt.status == .running else { return false }
    return try SessionLock.isHeld(project: project, session: attempt.session)
  }
}

/// Prints lines of a log, several in one go.
private final class LogPrinter {
  enum Form { case text, json, raw }

  private static let fullBuffer = 64 << 10

  private let form: Form
  /// Control characters are shown as text: a log must not steer a terminal.
  private let escapes = StandardOutput.isTerminal
  private var buffer: [UInt8] = []

  init(form: Form) { self.form = form }

  func print(_ line: LogLine) {
    switch form {
    case .raw:
      buffer += line.message
      if line.level == .output { buffer.append(10) }
    case .json:
      let record: ObjectValue = [
        "time": .string(line.time), "level": .string(line.level.rawValue),
        "task": line.task.map { .string($0) } ?? .null, "message": .string(line.text),
      ]
      buffer += Array((JSON.encode(.object(record)) + "\n").utf8)
    case .text:
      buffer += Array("\(line.time) [\(line.level.rawValue)] (\(line.task ?? "attempt")) ".utf8)
      buffer += escapes ? Self.escaped(line.message) : line.message
      buffer.append(10)
    }
    if buffer.count >= Self.fullBuffer { flush() }
  }

  func flush() {
    StandardOutput.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte in
      (byte < 0x20 && byte != 9) || byte == 0x7F
        ? Array("\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8) : [byte]
    }
  }
}
