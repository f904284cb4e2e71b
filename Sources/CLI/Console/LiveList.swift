import Foundation
import WorkflowEngine

/// The lines at the foot of a terminal that name the running tasks.
struct LiveList {
  private static let maximumLines = 6
  private var lines = 0

  /// Removes the list, so that something else can be written.
  mutating func erase() {
    guard lines > 0 else { return }
    write("\u{1B}[\(lines)A\u{1B}[J")
    lines = 0
  }

  mutating func draw(_ tasks: [TaskEntry], at now: Double) {
    erase()
    let tasks = tasks.sorted { $0.id < $1.id }
    for task in tasks.prefix(Self.maximumLines) {
      let seconds = Int(max(0, now - (task.startedAt ?? now)))
      write(cut("  running \(task.fullName) ", "\(seconds) s") + "\n")
    }
    let hidden = tasks.count - Self.maximumLines
    if hidden > 0 { write("  and \(hidden) more\n") }
    lines = min(tasks.count, Self.maximumLines) + (hidden > 0 ? 1 : 0)
  }

  /// A line that fits the terminal, as one that wraps could not be erased.
  private func cut(_ text: String, _ end: String) -> String {
    var size = winsize()
    let width =
      ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    let room = width - end.count - 1
    return (text.count > room ? text.prefix(room - 2) + "… " : text) + end
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Foundation.Data(text.utf8))
  }
}
