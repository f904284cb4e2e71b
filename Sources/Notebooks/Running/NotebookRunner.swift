import Foundation
import Subprocess
import SystemPackage
import Values

/// Executes notebooks in processes of their own, within limits.
///
/// The process that is started is a supervisor: it ends every process of the notebook when the run is over, when it is
/// cancelled, and when the process that asked for it disappears, even by `kill -9`.
public struct NotebookRunner: Sendable {
  private let runtime: PythonRuntime
  private let catalog: NotebookCatalog

  public init(runtime: PythonRuntime, catalog: NotebookCatalog) {
    self.runtime = runtime
    self.catalog = catalog
  }

  /// Runs one notebook to its end.
  ///
  /// Cancelling ends every process of the notebook within five seconds; what was executed so far is kept.
  /// - Parameters:
  ///   - job: what to run.
  ///   - output: gets each line the notebook prints, as it is printed.
  /// - Returns: where the notebook, its page and its outputs lie.
  /// - Throws: ``NotebookError``.
  public func run(
    _ job: NotebookJob,
    output: @escaping @Sendable (String) -> Void
  ) async throws -> NotebookResult {
    try runtime.require()
    guard FileManager.default.fileExists(atPath: job.notebook) else {
      throw NotebookError(.notebookMissing, "no notebook at `\(job.notebook)`")
    }
    let folder = JobFolder(path: job.workFolder)
    try folder.prepare(description(of: job, in: folder))
    defer { folder.clean() }
    do {
      let status = try await execute(job, in: folder, output: output)
      try Task.checkCancellation()
      return try outcome(of: status, in: folder)
    } catch let error as NotebookError {
      throw error
    } catch {
      throw failure(error, in: folder)
    }
  }

  private func execute(
    _ job: NotebookJob,
    in folder: JobFolder,
    output: @escaping @Sendable (String) -> Void
  ) async throws -> TerminationStatus {
    try job.handOver(folder.path)
    let words =
      job.launcher + [runtime.python, "-m", "tadoru_notebook.supervise", folder.job]
    var options = PlatformOptions()
    options.createSession = true
    // The supervisor needs up to three seconds to end the kernel and to keep the notebook.
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: false, allowedDurationToNextStep: .seconds(4))
    ]
    let outcome = try await Subprocess.run(
      .path(FilePath(words[0])),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .custom(NotebookEnvironment(runtime, catalog, folder).variables(for: job)),
      workingDirectory: FilePath(folder.path),
      platformOptions: options,
      input: .none,
      output: .sequence,
      error: .combinedWithOutput
    ) { execution in
      var splitter = LineSplitter()
      for try await chunk in execution.standardOutput {
        chunk.withUnsafeBytes { splitter.feed($0, line: output) }
      }
      splitter.end(line: output)
    }
    return outcome.terminationStatus
  }

  /// What the supervisor reads.
  private func description(of job: NotebookJob, in folder: JobFolder) -> Value {
    func seconds(_ limit: Duration?) -> Value {
      limit.map { .double($0 / .seconds(1)) } ?? .null
    }
    return .object([
      "notebook": .string(job.notebook),
      "executed": .string(folder.executedNotebook),
      "html": .string(folder.html),
      "outcome": .string(folder.outcome),
      "parameters": .object(job.parameters),
      "working_directory": .string(job.workingDirectory ?? folder.path),
      "scratch": .string(folder.scratch),
      "kernel_python": .string(job.kernelPython ?? runtime.python),
      "timeout": seconds(job.timeout),
      "cell_timeout": seconds(job.cellTimeout),
      "memory_limit": job.memoryLimit.map { .int(Int64($0)) } ?? .null,
      "parent": .int(Int64(getpid())),
    ])
  }
}
