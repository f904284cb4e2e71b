import Foundation
import Glibc
import Synchronization
import Values

/// The helper that translates: started when first asked, started again when it has died, one question at a time.
///
/// It speaks JSON lines over a socket that only it and we hold, so it ends by itself when this process does.
final class TranslatorProcess: Sendable {
  private let command: [String]
  private let running = Mutex<Running?>(nil)

  init(command: [String]) { self.command = command }

  deinit { running.withLock { $0?.stop() } }

  /// The answer to one line; blocks, a minute at most.
  func ask(_ request: String) throws -> Value {
    try running.withLock { running in
      if let helper = running, let answer = try helper.ask(request) { return answer }
      running?.stop()
      running = nil
      let helper = try Running(command: command)
      guard let answer = try helper.ask(request) else {
        let reason = helper.lastWords()
        helper.stop()
        throw WarehouseError(
          .translatorMissing,
          "the SQL translator ended without an answer: \(reason)",
          hint: Self.remedy
        )
      }
      running = helper
      return answer
    }
  }

  static let remedy = "`scripts/sql-runtime.sh` makes the Python environment it needs"
}

extension TranslatorProcess {
  /// A started helper; only used while the mutex around it is held.
  fileprivate struct Running {
    private let pid: pid_t
    private let socket: Int32
    private let errors: Int32

    init(command: [String]) throws {
      guard let program = command.first, access(program, X_OK) == 0 else {
        throw WarehouseError(
          .translatorMissing,
          "there is no Python at `\(command.first ?? "")` to translate SQL",
          hint: TranslatorProcess.remedy
        )
      }
      for script in command.dropFirst() where access(script, R_OK) != 0 {
        throw WarehouseError(.translatorMissing, "the SQL translator `\(script)` cannot be read")
      }
      var ends: [Int32] = [-1, -1]
      var pipes: [Int32] = [-1, -1]
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, type, 0, &ends) == 0, socketpair(AF_UNIX, type, 0, &pipes) == 0
      else { throw Self.failure("no socket for the SQL translator") }
      socket = ends[0]
      errors = pipes[0]
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
      posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      posix_spawn_file_actions_adddup2(&actions, pipes[1], 2)
      var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
      defer { arguments.forEach { free($0) } }
      var child: pid_t = 0
      let status = posix_spawn(&child, program, &actions, nil, &arguments, environ)
      close(ends[1])
      close(pipes[1])
      pid = child
      guard status == 0 else {
        close(socket)
        close(errors)
        throw Self.failure(
          "the SQL translator does not start: \(String(cString: strerror(status)))"
        )
      }
      guard try readLine() != nil else {
        let reason = lastWords()
        stop()
        throw WarehouseError(
          .translatorMissing,
          "the SQL translator does not start: \(reason)",
          hint: TranslatorProcess.remedy
        )
      }
    }

    private static func failure(_ message: String) -> WarehouseError {
      WarehouseError(.translatorMissing, message)
    }

    /// nil when the helper is gone.
    func ask(_ request: String) throws -> Value? {
      var bytes = Array((request + "\n").utf8)[...]
      while !bytes.isEmpty {
        let sent = bytes.withUnsafeBytes {
          send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if sent < 0 && errno == EINTR { continue }
        guard sent > 0 else { return nil }
        bytes = bytes.dropFirst(sent)
      }
      return try readLine().map { try JSON.decode(utf8: $0) }
    }

    private func readLine() throws -> [UInt8]? {
      var line: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let deadline = ContinuousClock.now + .seconds(60)
      while true {
        let left = Int32(max(0, (deadline - .now) / .milliseconds(1)))
        var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let ready = poll(&polled, 1, left)
        if ready < 0 && errno == EINTR { continue }
        guard ready > 0 else {
          kill(pid, SIGKILL)
          throw WarehouseError(.unsupported, "translating the statement took longer than a minute")
        }
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return nil }
        line += buffer[..<count]
        if line.last == UInt8(ascii: "\n") { return line }
      }
    }

    /// The end of what it wrote to stderr; for a helper that has ended.
    func lastWords() -> String {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      var words: [UInt8] = []
      while words.count < 1 << 20, case let count = read(errors, &buffer, buffer.count), count > 0 {
        words += buffer[..<count]
      }
      let lines = String(decoding: words, as: UTF8.self).split(separator: "\n")
      return lines.last.map(String.init) ?? "no reason given"
    }

    func stop() {
      close(socket)
      close(errors)
      kill(pid, SIGKILL)
      while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
    }
  }
}
