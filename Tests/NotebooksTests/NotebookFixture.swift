import Foundation
import Notebooks
import Synchronization
import TestKit
import Values

/// The repository's runtime and notebooks, and a folder for what a test makes of them.
struct NotebookFixture {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)

  let folder: TemporaryFolder
  let runtime = PythonRuntime(root: "\(root).deps/runtime")
  let catalog = NotebookCatalog(folder: "\(root)notebooks")
  var runner: NotebookRunner { NotebookRunner(runtime: runtime, catalog: catalog) }

  init() throws { folder = try TemporaryFolder() }

  /// A job for a notebook of these code cells; the first is tagged `parameters`.
  func job(
    _ cells: [String],
    parameters: ObjectValue = [:],
    language: String = "python"
  ) throws -> NotebookJob {
    let list = cells.enumerated().map { index, source in
      Value.object([
        "cell_type": "code", "id": .string("cell-\(index)"),
        "metadata": index == 0 ? ["tags": ["parameters"]] : [:],
        "source": .string(source), "execution_count": .null, "outputs": [],
      ])
    }
    let notebook: Value = [
      "cells": .array(list), "nbformat": 4, "nbformat_minor": 5,
      "metadata": [
        "kernelspec": [
          "name": "some-kernel", "display_name": "Some", "language": .string(language),
        ]
      ],
    ]
    let file = try folder.write(JSON.encode(notebook), to: "own.ipynb")
    return NotebookJob(notebook: file, parameters: parameters, workFolder: "\(folder.path)/work")
  }

  /// A job for a shipped notebook with the options of a workflow.
  func job(
    shipped name: String,
    options: ObjectValue,
    adding files: ObjectValue
  ) throws -> NotebookJob {
    let notebook = try catalog.notebook(named: name)
    return NotebookJob(
      notebook: catalog.file(of: notebook),
      parameters: try notebook.check(options).parameters.merging(files),
      workFolder: "\(folder.path)/\(name)-\(options["input_table"]?.string ?? "")"
    )
  }

  /// Runs a job and gives the lines it printed as well.
  func run(_ job: NotebookJob) async throws -> (result: NotebookResult, lines: [String]) {
    let lines = Lines()
    let result = try await runner.run(job) { lines.add($0) }
    return (result, lines.all)
  }

  /// The error that a job ends with; nil when it does not fail.
  func failure(
    of job: NotebookJob,
    output: @escaping @Sendable (String) -> Void = { _ in }
  ) async -> NotebookError? {
    do {
      _ = try await runner.run(job, output: output)
      return nil
    } catch {
      return error as? NotebookError
    }
  }

  /// What a Python script prints.
  func python(_ script: String, environment name: String = "automl") throws -> Finished {
    // Arrow's threads can abort an interpreter that tears itself down: it is left at once.
    try Finished(
      "\(runtime.root)/\(name)/bin/python",
      ["-c", "\(script)\nimport os, sys; sys.stdout.flush(); os._exit(0)"],
      environment: ["PYTHONPATH": catalog.folder, "LANG": "C.UTF-8", "HOME": folder.path]
    )
  }

  func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}

/// A process that was run to its end.
struct Finished {
  let status: Int32
  let output: String

  init(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// True when the process of that id ends within some seconds.
  static func ends(_ pid: Int, within seconds: Int) throws -> Bool {
    try Finished(
      "/usr/bin/timeout",
      ["\(seconds)", "tail", "-s", "0.1", "--pid=\(pid)", "-f", "/dev/null"]
    )
    .status == 0
  }
}

/// Lines collected from any thread.
final class Lines: Sendable {
  private let store = Mutex<[String]>([])

  var all: [String] { store.withLock { $0 } }

  func add(_ line: String) { store.withLock { $0.append(line) } }
}
