import Subprocess
import Values

/// The environment variables of a notebook's processes: few, and none of the caller's own.
struct NotebookEnvironment {
  private let runtime: PythonRuntime
  private let catalog: NotebookCatalog
  private let folder: JobFolder

  init(_ runtime: PythonRuntime, _ catalog: NotebookCatalog, _ folder: JobFolder) {
    self.runtime = runtime
    self.catalog = catalog
    self.folder = folder
  }

  func variables(for job: NotebookJob) -> [Environment.Key: String] {
    var all: [Environment.Key: String] = [
      "PATH": "\(runtime.root)/automl/bin:/usr/local/bin:/usr/bin:/bin",
      "LANG": "C.UTF-8",
      "TZ": "UTC",
      "HOME": "\(folder.scratch)/home",
      "TMPDIR": "\(folder.scratch)/tmp",
      "XDG_CACHE_HOME": "\(folder.scratch)/home/.cache",
      "MPLBACKEND": "module://matplotlib_inline.backend_inline",
      "PYTHONPATH": catalog.folder,
      "PYTHONUNBUFFERED": "1",
      "PYTHONNOUSERSITE": "1",
      "TADORU_OUTPUT": folder.output,
      // Threads that spin while they wait made one fit 19 times slower on two cores.
      "OMP_WAIT_POLICY": "passive",
      // Libraries that would ask the network at their start are told not to.
      "HF_HUB_OFFLINE": "1",
      "TRANSFORMERS_OFFLINE": "1",
      "MLFLOW_DISABLE_TELEMETRY": "true",
      "DO_NOT_TRACK": "1",
    ]
    if let limit = job.memoryLimit { all["TADORU_MEMORY_LIMIT"] = "\(limit)" }
    for (name, value) in job.environment { all[Environment.Key(stringLiteral: name)] = value }
    for (name, secret) in job.secrets {
      all[Environment.Key(stringLiteral: name)] = secret.reveal()
    }
    return all
  }
}
