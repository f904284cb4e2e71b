import Notebooks
import SQLWarehouse
import Tracking
import WorkflowEngine

extension TaskFailure {
  /// An error of a room below as the failure of a task; what is not one of theirs stays as it is.
  static func explaining(_ error: any Error) -> any Error {
    switch error {
    case let error as NotebookError:
      error.code == .cancelled ? CancellationError() : TaskFailure(of: error)
    case let error as WarehouseError: TaskFailure(of: error)
    case let error as TrackingError: TaskFailure(of: error)
    default: error
    }
  }

  init(of error: NotebookError) {
    let code: Code =
      switch error.code {
      case .runtimeMissing, .notebookMissing, .badParameters, .badInput: .config
      case .cellFailed, .kernelDied, .timedOut, .outOfMemory, .cancelled, .diskFull, .runnerFailed:
        .runtime
      }
    let kept = (error.html ?? error.executedNotebook).map { "; the notebook is kept in `\($0)`" }
    self.init(code, error.message + (kept ?? ""), detail: error.detail)
  }

  init(of error: WarehouseError) {
    let code: Code =
      switch error.code {
      case .syntax, .unknownDatabase, .unknownTable, .unknownColumn, .unknownFunction, .unsupported,
        .typeMismatch, .columnMismatch, .badName:
        .config
      case .execution, .diskFull, .outOfMemory, .locked, .database, .file, .libraryMissing,
        .translatorMissing:
        .runtime
      }
    self.init(code, error.description)
  }

  init(of error: TrackingError) {
    let code: Code =
      switch error.code {
      case .notFound, .otherOwner, .invalid, .conflict: .config
      case .artifact, .storage: .runtime
      }
    self.init(code, error.message)
  }
}
