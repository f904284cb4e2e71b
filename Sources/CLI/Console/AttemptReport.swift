import ArgumentParser
import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// What `--report` writes: the attempt and its tasks as JSON.
struct AttemptReport {
  enum Status: String { case success, error, killed, rejected }

  let status: Status
  var session: ObjectValue = [:]
  var attempt: ObjectValue = [:]
  var tree: TaskTree?
  var diagnostics: [Diagnostic] = []

  var value: Value {
    let tasks = tree.map { tree in tree.entries.map { Value.object(task($0, in: tree)) } } ?? []
    return [
      "status": .string(status.rawValue), "session": .object(session), "attempt": .object(attempt),
      "tasks": .array(tasks), "errors": .array(errors),
    ]
  }

  private func task(_ entry: TaskEntry, in tree: TaskTree) -> ObjectValue {
    var task: ObjectValue = [
      "name": .string(entry.fullName), "state": .string(entry.state.rawValue),
      "upstreams": .array(entry.upstreams.map { .string(tree[$0].fullName) }),
      "store": .object(entry.store), "export": .object(entry.node.export.merging(entry.exported)),
    ]
    task["error"] = entry.error.map { ["message": .string($0.message)] } ?? [:]
    task["started_at"] = entry.startedAt.map { .string(TimeText.text($0)) } ?? .null
    task["finished_at"] = entry.finishedAt.map { .string(TimeText.text($0)) } ?? .null
    task["retry_count"] = .int(Int64(entry.retryCount))
    return task
  }

  private var errors: [Value] {
    let refused = diagnostics.filter { $0.severity == .error }
      .map { error($0.message, at: $0.location) }
    let failed = (tree?.entries ?? []).compactMap { entry in
      entry.error.map { error("\(entry.fullName): \($0.message)", at: entry.node.location) }
    }
    return refused + (status == .success ? [] : failed)
  }

  private func error(_ message: String, at location: SourceLocation?) -> Value {
    [
      "message": .string(message), "file": location.map { .string($0.file) } ?? .null,
      "line": location.map { .int(Int64($0.line)) } ?? .null,
      "column": location.map { .int(Int64($0.column)) } ?? .null,
    ]
  }

  /// Ends the command with the exit code of the attempt.
  func leave() throws {
    switch status {
    case .success: return
    case .error: throw ExitCode(Exit.failed.rawValue)
    case .killed: throw ExitCode(Exit.killed.rawValue)
    case .rejected: throw ExitCode(Exit.refused.rawValue)
    }
  }

  /// Writes the report whole or not at all.
  func write(to file: String) throws(CommandFailure) {
    do {
      try (JSON.encode(value, pretty: true) + "\n").write(
        toFile: file,
        atomically: true,
        encoding: .utf8
      )
    } catch {
      throw CommandFailure(
        .failed,
        "the report `\(file)` cannot be written: \(error.localizedDescription)"
      )
    }
  }
}
