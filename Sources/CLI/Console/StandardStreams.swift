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
}

private enum StandardStream {
  private static let gate = Mutex(())

  /// Writes everything, also to a slow pipe; a reader that is gone is no error.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    gate.withLock { _ in
      bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          let written = Foundation.write(
            descriptor,
            UnsafeRawBufferPointer(rebasing: rest).baseAddress,
            rest.count
          )
          if written < 0 && (errno == EINTR || errno == EAGAIN) { continue }
          guard written > 0 else { return }
          rest = rest.dropFirst(written)
        }
      }
    }
  }
}
