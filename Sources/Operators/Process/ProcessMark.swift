import Foundation

/// Finds the processes of one task by a variable in their environment, also those that left its process group and session.
///
/// A process that empties its environment is not found.
struct ProcessMark {
  static let variable = "TADORU_TASK_PROCESS"
  /// Rounds of killing: each ends what the one before had not seen.
  private static let mostRounds = 20

  let text: String

  init(_ text: String) { self.text = text }

  /// Kills every process with the mark, again and again until none is left.
  func killAll() {
    for _ in 0..<Self.mostRounds {
      let found = processes()
      if found.isEmpty { return }
      for process in found { kill(process, SIGKILL) }
    }
  }

  /// Those that live; a process that has ended and was not waited for has no environment any more.
  func processes() -> [pid_t] {
    let entry = Array("\(Self.variable)=\(text)".utf8)
    // why: without /proc nothing can be found
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      guard process != getpid(),
        let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ")
      else { return false }
      return environment.split(separator: 0).contains { $0.elementsEqual(entry) }
    }
  }
}
