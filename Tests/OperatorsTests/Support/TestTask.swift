import Foundation
import Synchronization
import TestKit
import Values
import WorkflowEngine
import WorkflowLanguage

/// One task in a project folder of its own, run through a real context; remembers what it printed and logged.
final class TestTask: Sendable {
  let folder: TemporaryFolder
  private let isolation: TaskIsolation
  private let printed = Mutex<[UInt8]>([])
  private let logged = Mutex<[(LogLevel, String)]>([])

  init(_ folder: TemporaryFolder? = nil, isolation: TaskIsolation = .open) throws {
    self.folder = try folder ?? TemporaryFolder()
    self.isolation = isolation
  }

  var output: String { printed.withLock { String(decoding: $0, as: UTF8.self) } }
  var log: String { logged.withLock { $0.map { "\($0.0): \($0.1)" }.joined(separator: "\n") } }

  // `local` has the raw keys of the task, with the operator's value as `_command`; `exports` is what it sees from above.
  func context(
    _ local: ObjectValue,
    exports: ObjectValue = [:],
    secrets: [String: String] = [:],
    directory: String = "",
    taskLimit: Int = 1000,
    name: String = "+wf+task",
    state: ObjectValue = [:],
    tryKey: TryKey? = nil
  ) throws -> TaskContext {
    let templates = TemplateEngine()
    let values = try templates.evaluate(local: local, parameters: exports, timezone: "UTC")
    var context = TaskContext(
      taskName: name,
      attempt: AttemptIdentity(
        projectID: 1,
        projectName: "project",
        workflowName: "wf",
        sessionID: 7,
        attemptID: 11,
        sessionTime: "2024-05-02T00:00:00+00:00",
        sessionUnixTime: 1_714_608_000,
        timezone: "UTC"
      ),
      parameters: Parameters(values, local: local.keys, task: name),
      workingDirectory: directory.isEmpty ? folder.path : folder.path + "/" + directory,
      projectDirectory: folder.path,
      attemptDirectory: folder.path + "/attempt",
      state: state,
      templates: templates,
      secrets: SecretStore { secrets[$0].map { Secret($0) } },
      output: TaskOutput(
        print: { bytes in self.printed.withLock { $0 += bytes } },
        log: { level, line in self.logged.withLock { $0.append((level, line)) } }
      ),
      taskLimit: taskLimit,
      location: SourceLocation(file: "wf.dig", line: 3, column: 1),
      tryKey: tryKey
    )
    context.isolation = isolation
    return context
  }

  /// Runs the operator once and gives what it leaves behind.
  @discardableResult
  func run(
    _ worker: any Operator,
    _ local: ObjectValue,
    exports: ObjectValue = [:],
    secrets: [String: String] = [:],
    directory: String = ""
  ) async throws -> TaskResult {
    let context = try context(local, exports: exports, secrets: secrets, directory: directory)
    switch try await worker.run(context) {
    case .done(let result): return result
    case .poll: throw TaskFailure(.runtime, "the operator polls")
    }
  }

  /// Runs the operator until it polls no more, without the pauses; gives what it leaves behind and the pauses.
  func runThroughPolls(
    _ worker: any Operator,
    _ local: ObjectValue
  ) async throws -> (result: TaskResult, pauses: [Duration]) {
    var (state, pauses): (ObjectValue, [Duration]) = ([:], [])
    while true {
      switch try await worker.run(context(local, state: state)) {
      case .done(let result): return (result, pauses)
      case .poll(let pause, let next):
        state = next
        pauses.append(pause)
      }
    }
  }

  /// The words of a failure as the report of an attempt shows them.
  func failure(
    _ worker: any Operator,
    _ local: ObjectValue,
    exports: ObjectValue = [:],
    secrets: [String: String] = [:]
  ) async -> String {
    do {
      try await run(worker, local, exports: exports, secrets: secrets)
      return "no failure"
    } catch let error as WorkflowError {
      return error.message + " (config)"
    } catch {
      return "\(error)"
    }
  }
}
