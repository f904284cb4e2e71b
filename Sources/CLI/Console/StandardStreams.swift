import Foundation
import Synchronization

/// The process's standard error, one whole line at a time.
enum StandardError {
  static func line(_ text: String) {
    StandardStream.write(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The process's standard output, raw.
enum StandardOutput {
  static func write(_ bytes: [UInt8]) {
    StandardStream.write(bytes, to: STDOUT_FILENO)
  }

  static func line(_ text: String) {
    write(Array((text + "\n").utf8))
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// True when the reader went away.
  static var isGone: Bool { StandardStream.isOutputGone }

  /// Why something could not be written, such as a full disk; nil also when the reader went away.
  static var problem: String? {
    StandardStream.outputError.map { String(cString: strerror($0)) }
  }
}

/// Both streams, used by one thread at a time.
enum StandardStream {
  private struct State {
    /// The error number of the first write to stdout that failed; a reader that is gone is no error.
    var outputError: Int32?
    var isOutputGone = false
  }

  private static let gate = Mutex(State())

  static var outputError: Int32? { gate.withLock { $0.outputError } }
  static var isOutputGone: Bool { gate.withLock { $0.isOutputGone } }

  /// Opens what the caller closed, as the next file would get its number and what is printed.
  static func openMissing() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)  // takes the lowest free number
    }
  }

  /// Writes everything, also to a slow pipe.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    gate.withLock { state in
      bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          let written = Foundation.write(
            descriptor,
            UnsafeRawBufferPointer(rebasing: rest).baseAddress,
            rest.count
          )
          if written < 0 && (errno == EINTR || errno == EAGAIN) { continue }
          guard written > 0 else {
            guard descriptor == STDOUT_FILENO, written < 0 else { return }
            if errno == EPIPE { state.isOutputGone = true }
            if errno != EPIPE, state.outputError == nil { state.outputError = errno }
            return
          }
          rest = rest.dropFirst(written)
        }
      }
    }
  }
}
