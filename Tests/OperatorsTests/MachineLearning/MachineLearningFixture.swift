import Foundation
import Notebooks
import Operators
import SQLWarehouse
import Storage
import Synchronization
import TestKit
import Tracking
import Values
import WorkflowEngine
import WorkflowLanguage

/// A project with a warehouse, a tracking store and the shipped notebooks, in a folder of its own.
final class MachineLearningFixture: Sendable {
  let folder: TemporaryFolder
  let warehouse: DuckDBWarehouse
  let store: TrackingStore
  let log = LogLines()

  init() async throws {
    folder = try TemporaryFolder()
    var settings = WarehouseSettings(
      databaseFile: folder.path + "/warehouse.duckdb",
      libraryFolder: Self.root + "/.deps/lib",
      translator: [Self.root + "/.deps/runtime/sql/bin/python", Self.root + "/python/sql"],
      cacheFolder: FileManager.default.temporaryDirectory.appending(path: "tadoru-test-sql").path
    )
    settings.threads = 2
    settings.memoryLimitInBytes = 512 << 20
    warehouse = DuckDBWarehouse(settings: settings)
    store = try TrackingStore(
      database: SQLDatabase(path: folder.path + "/tadoru.db", durability: .process),
      artifacts: ArtifactStore(root: folder.path + "/artifacts"),
      clock: { UnixTime(milliseconds: 1_704_164_645_000) },
      ids: { UUID() }  // why: any fresh ids do here
    )
    try await warehouse.apply(.createDatabase("db"))
    try folder.write("", to: "project/flow.dig")
  }

  static var root: String {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.path(percentEncoded: false)
  }

  func services(
    user: String = "ada",
    runtime: String = root + "/.deps/runtime",
    machineMemory: Int? = MemoryLimit.machineBytes()
  ) -> NotebookServices {
    let store = store
    return NotebookServices(
      runtime: PythonRuntime(root: runtime),
      catalog: NotebookCatalog(folder: Self.root + "/notebooks"),
      warehouse: warehouse,
      account: TrackingAccount(userName: user, email: "\(user)@example.com") { store },
      machineMemory: machineMemory
    )
  }

  func context(
    _ command: Value?,
    task: String = "+flow+task",
    parameters: ObjectValue = [:],
    directory: String = "project"
  ) -> TaskContext {
    var parameters = parameters
    parameters["_command"] = command
    let log = log
    return TaskContext(
      taskName: task,
      attempt: AttemptIdentity(
        projectID: 1,
        projectName: "income",
        workflowName: "flow",
        sessionID: 5,
        attemptID: 7,
        sessionTime: "2024-01-02T00:00:00+00:00",
        sessionUnixTime: 1_704_153_600,
        timezone: "UTC"
      ),
      parameters: Parameters(parameters, task: task),
      workingDirectory: folder.path + "/" + directory,
      projectDirectory: folder.path + "/project",
      attemptDirectory: folder.path + "/attempts/7",
      state: [:],
      templates: TemplateEngine(momentFile: nil),
      secrets: SecretStore { _ in nil },
      output: TaskOutput(print: { _ in }, log: { log.append($0, $1) }),
      taskLimit: 1000,
      location: nil
    )
  }

  /// Runs an operator to its end.
  func run(_ worker: any Operator, _ context: TaskContext) async throws -> TaskResult {
    switch try await worker.run(context) {
    case .done(let result): return result
    case .poll: throw TaskFailure(.stated, "expected an end, found a wish to poll")
    }
  }

  /// The failure of an operator that must fail; nil when it did not, or failed in other ways.
  func failure(_ worker: any Operator, _ context: TaskContext) async -> TaskFailure? {
    do {
      _ = try await worker.run(context)
      return nil
    } catch {
      return error as? TaskFailure
    }
  }

  func createTable(_ name: String, as query: String) async throws {
    _ = try await warehouse.createTable(
      TableName(name, database: "db"),
      as: SQLStatement(text: query, dialect: .presto, database: "db")
    )
  }

  func rows(_ query: String) async throws -> [ObjectValue] {
    let result = try await warehouse.run(
      SQLStatement(text: query, dialect: .presto, database: "db"),
      rowLimit: 1000
    )
    return result.rows.indices.map(result.object(at:))
  }

  /// A notebook of the user with one cell of parameters and others of code.
  func writeNotebook(_ name: String, parameters: String = "", _ cells: String...) throws {
    func cell(_ source: String, _ tags: Value) -> Value {
      [
        "cell_type": "code", "execution_count": nil, "metadata": ["tags": tags], "outputs": [],
        "source": .string(source),
      ]
    }
    let notebook: Value = [
      "cells": .array([cell(parameters, ["parameters"])] + cells.map { cell($0, []) }),
      "metadata": ["kernelspec": ["name": "python3", "language": "python", "display_name": "Py"]],
      "nbformat": 4, "nbformat_minor": 4,
    ]
    try folder.write(JSON.encode(notebook), to: "project/\(name)")
  }

  func runs() throws -> [Run] { try store.runs() }

  func exists(_ path: String) -> Bool { folder.contains(path) }

  /// The names below the folder that the notebooks of an attempt are kept in.
  func keptFiles(_ task: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(
      atPath: folder.path + "/attempts/7/notebooks/" + task
    ).sorted()
  }
}

/// The lines that tasks said, in order.
final class LogLines: Sendable {
  private let lines = Mutex<[(LogLevel, String)]>([])
  private let stream = AsyncStream<String>.makeStream()

  func append(_ level: LogLevel, _ line: String) {
    lines.withLock { $0.append((level, line)) }
    stream.continuation.yield(line)
  }

  var warnings: [String] { lines.withLock { $0.filter { $0.0 == .warning }.map(\.1) } }
  var texts: [String] { lines.withLock { $0.map(\.1) } }

  /// Waits until a line has been said.
  func wait(for text: String) async {
    for await line in stream.stream where line.contains(text) { return }
  }
}
