import Foundation
import Values

/// Text that a person types without seeing it, or that a pipe hands in.
enum HiddenInput {
  /// The first line of the standard input; on a terminal the prompt is shown and what is typed is not.
  ///
  /// - Throws: ``CommandFailure`` `usage` when there is none.
  static func line(_ prompt: String) throws(CommandFailure) -> Secret {
    var shown = termios()
    let isTerminal = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &shown) == 0
    if isTerminal {
      var hidden = shown
      hidden.c_lflag &= ~tcflag_t(ECHO)
      _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
      StandardStream.write(Array((prompt + ": ").utf8), to: STDERR_FILENO)
    }
    defer {
      if isTerminal {
        _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
        StandardError.line("")
      }
    }
    guard let text = readLine(strippingNewline: true), !text.isEmpty else {
      throw CommandFailure(
        .usage,
        "nothing was given for `\(prompt)`",
        hint: "type it, or hand it in on the standard input"
      )
    }
    return Secret(text)
  }

  /// All of the standard input, without the line break at its end.
  static func all() -> Secret {
    let bytes = FileHandle.standardInput.readDataToEndOfFile()
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    return Secret(text)
  }
}
