import Subprocess
import Values

extension NotebookRunner {
  /// The exit status of a runner process that could not even write its outcome: `ENOSPC`.
  private static let diskFull: Int32 = 28

  /// Reads what the runner process wrote about its end.
  func outcome(of status: TerminationStatus, in folder: JobFolder) throws -> NotebookResult {
    guard let outcome = try folder.read(folder.outcome) else {
      if status == .exited(Self.diskFull) {
        throw NotebookError(
          .diskFull,
          "no space left on the device of the notebook's work folder `\(folder.path)`",
          executedNotebook: kept(folder.executedNotebook, in: folder)
        )
      }
      throw NotebookError(
        .runnerFailed,
        "the notebook's process ended with \(status) before it could say why; see the lines above",
        executedNotebook: kept(folder.executedNotebook, in: folder)
      )
    }
    if let error = outcome["error"]?.object { throw failure(error, in: folder) }
    for file in [folder.executedNotebook, folder.html] where !folder.isPlain(file) {
      throw NotebookError(
        .runnerFailed,
        "the notebook put something else in the place of `\(file)`"
      )
    }
    return NotebookResult(
      executedNotebook: folder.executedNotebook,
      html: folder.html,
      outputFolder: folder.output,
      result: try folder.read(folder.result) ?? ObjectValue(),
      seconds: outcome["seconds"]?.double ?? .nan
    )
  }

  /// The error for a run that did not end by itself.
  func failure(_ error: any Error, in folder: JobFolder) -> NotebookError {
    let notebook = kept(folder.executedNotebook, in: folder)
    let html = kept(folder.html, in: folder)
    if Task.isCancelled || error is CancellationError {
      return NotebookError(
        .cancelled,
        "the notebook was cancelled; all of its processes have ended",
        executedNotebook: notebook,
        html: html
      )
    }
    return NotebookError(
      .runnerFailed,
      "the notebook's process could not be run: \(error)",
      executedNotebook: notebook,
      html: html,
      cause: error
    )
  }

  private func failure(_ error: ObjectValue, in folder: JobFolder) -> NotebookError {
    NotebookError(
      error["code"]?.string.flatMap(NotebookError.Code.init(rawValue:)) ?? .runnerFailed,
      error["message"]?.string ?? "the notebook failed without a reason",
      detail: error["detail"]?.string,
      executedNotebook: kept(folder.executedNotebook, in: folder),
      html: kept(folder.html, in: folder)
    )
  }

  private func kept(_ file: String, in folder: JobFolder) -> String? {
    folder.isPlain(file) ? file : nil
  }
}
