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
      write("  running \(task.fullName) \(seconds) s\n")
    }
    let hidden = tasks.count - Self.maximumLines
    if hidden > 0 { write("  and \(hidden) more\n") }
    lines = min(tasks.count, Self.maximumLines) + (hidden > 0 ? 1 : 0)
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Foundation.Data(text.utf8))
  }
}
