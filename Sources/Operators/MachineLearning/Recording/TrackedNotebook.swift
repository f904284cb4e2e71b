import Foundation
import Notebooks
import Tracking
import Values
import WorkflowEngine

/// One run of a notebook that is recorded from its start to its end, however it ends.
struct TrackedNotebook {
  let services: NotebookServices
  let context: TaskContext
  let folder: NotebookFolder
  let store: TrackingStore
  let run: Run

  /// Records the start.
  ///
  /// - Throws: ``TrackingError``; ``TaskFailure`` when the folder cannot be made.
  init(
    _ plan: RunPlan,
    services: NotebookServices,
    context: TaskContext,
    store: TrackingStore,
    user: User
  ) throws {
    self.services = services
    self.context = context
    self.store = store
    self.folder = try NotebookFolder(attempt: context.attemptDirectory, task: context.taskName)
    self.run = try store.startRun(plan.newRun(context, user: user))
  }

  /// Does the work of a run; what it throws is recorded as the run's failure.
  ///
  /// - Returns: what `work` stores, with the address of the notebook and its user.
  /// - Throws: ``TaskFailure``, `CancellationError`.
  func record(
    _ work: (TrackedNotebook) async throws -> (NotebookResult, TaskResult)
  ) async throws -> TaskResult {
    do {
      var (notebook, result) = try await work(self)
      let address = address(notebook.html)
      try store.finishRun(run.id, .finished, notebook: address)
      folder.removeInputs()
      folder.removeStoredResults()
      result.store.merge([
        "automl": [
          "last_executed_notebook": .string(address),
          "last_executed_user_id": .int(run.user.id.number),
          "last_executed_user_email": run.user.email.map(Value.string) ?? .null,
        ]
      ])
      return result
    } catch {
      throw failed(error)
    }
  }

  /// Runs the notebook, and records its metrics, warnings and files.
  ///
  /// - Throws: ``NotebookError``, ``TrackingError``.
  func execute(_ job: NotebookJob) async throws -> NotebookResult {
    let output = context.output
    let result = try await services.runner.run(job) { output.info($0) }
    for warning in result.result["warnings"]?.array ?? [] { output.warn(warning.text) }
    try store.logMetrics(Self.metrics(of: result.result), on: run.id)
    try keep(notebook: result.executedNotebook, html: result.html)
    for name in ["leaderboard", "feature_importance"] {
      if let file = result.file(name) {
        try store.logArtifact(file, as: "\(name).parquet", on: run.id)
      }
    }
    output.info(
      "the notebook took \(Int(result.seconds.rounded())) s and is kept in `\(result.html)`"
    )
    return result
  }

  /// The job of a notebook in this run's folder.
  func job(_ notebook: String, _ parameters: ObjectValue) -> NotebookJob {
    var job = NotebookJob(notebook: notebook, parameters: parameters, workFolder: folder.path)
    job.timeout = NotebookServices.longestRun
    let policy = context.isolation.processes
    // Its memory is watched: libraries of numbers map far more than they use.
    job.launcher = policy.launcher(limitsAddressSpace: false)
    job.handOver = { folder throws in try policy.give(folder) }
    return job
  }

  /// Records the failure and puts it into words.
  private func failed(_ error: any Error) -> any Error {
    let error = named(error)
    let failure = error as? NotebookError
    let wasKilled = error is CancellationError || failure?.code == .cancelled
    let explained = TaskFailure.explaining(error)
    do {
      try keep(notebook: failure?.executedNotebook, html: failure?.html)
      try store.finishRun(
        run.id,
        wasKilled ? .killed : .failed,
        tags: ["tadoru.error": .string(wasKilled ? "killed" : "\(explained)")],
        notebook: failure?.html.map(address)
      )
    } catch let second {
      context.output.warn("the end of the run `\(run.id)` could not be recorded: \(second)")
    }
    folder.removeInputs()
    return explained
  }

  /// A failure without words gets those for a full disk, where that was the reason.
  private func named(_ error: any Error) -> any Error {
    guard let failure = error as? NotebookError, failure.code == .runnerFailed, folder.ranOutOfRoom
    else { return error }
    return NotebookError(
      .diskFull,
      "no space is left on the disk of `\(folder.path)`: free some and run the task again",
      executedNotebook: failure.executedNotebook ?? folder.executedNotebook,
      html: failure.html
    )
  }

  private func keep(notebook: String?, html: String?) throws {
    if let notebook { try store.logArtifact(notebook, as: "notebook.ipynb", on: run.id) }
    if let html { try store.logArtifact(html, as: "notebook.html", on: run.id) }
  }

  private func address(_ file: String) -> String {
    services.pageAddress(context.attempt.attemptID, file)
  }

  /// The numbers under `metrics`; null stands for one that JSON does not have.
  private static func metrics(of result: ObjectValue) -> [Metric] {
    (result["metrics"]?.object ?? [:]).compactMap { name, value in
      value.double.map { Metric(name, $0) }
    }
  }
}
