import Foundation
import Notebooks
import Values
import WorkflowEngine
import WorkflowLanguage

/// One try of `ipynb>` with a notebook that the user wrote.
struct OwnNotebookTask {
  let services: NotebookServices
  let context: TaskContext
  let request: NotebookRequest

  /// The notebook's file, looked for from the workflow's folder and then from the project's.
  ///
  /// - Throws: ``NotebookError`` `notebookMissing`.
  func file() throws(NotebookError) -> String {
    let name = request.notebook
    let project = context.projectDirectory
    guard let folder = workflowFolder else { return try services.catalog.find(name, in: project) }
    do {
      return try services.catalog.find("\(folder)/\(name)", in: project)
    } catch {
      return try services.catalog.find(name, in: project)
    }
  }

  func run(_ file: String) async throws -> TaskResult {
    let parameters = try parameters()
    try services.runtime.require()
    let memory = try request.memoryLimit(
      machine: services.memory(for: context),
      isShipped: false,
      context.output
    )
    let timeout = try timeout()
    let store = try services.account.store()
    let user = try services.account.user(in: store, for: context.attempt)
    let plan = RunPlan(
      operatorName: request.operatorName,
      notebook: request.notebook,
      name: request.notebook,
      params: parameters
    )
    let tracked = try TrackedNotebook(
      plan,
      services: services,
      context: context,
      store: store,
      user: user
    )
    return try await tracked.record { tracked in
      try context.isolation.processes.prepare(workspace: context.projectDirectory)
      var job = tracked.job(file, parameters)
      job.workingDirectory = context.workingDirectory
      job.memoryLimit = memory ?? context.isolation.processes.limits.memoryInBytes
      job.cellTimeout = timeout
      return (try await tracked.execute(job), TaskResult())
    }
  }

  /// Everything in the map but what the operator itself reads.
  private func parameters() throws -> ObjectValue {
    var parameters = request.options
    for key in ["notebook", "docker", "timeout"] { parameters[key] = nil }
    for name in parameters.keys where !PythonName.isAllowed(name) {
      throw TaskFailure(
        .config,
        "`\(name)` cannot be a parameter of the notebook `\(request.notebook)`: expected the name of a Python "
          + "variable, such as `\(PythonName.nearest(to: name))`"
      )
    }
    return parameters
  }

  private func timeout() throws -> Duration? {
    let options = request.options
    let seconds = try Parameters(options, local: options.keys).seconds("timeout")
    if let seconds, seconds <= 0 {
      throw TaskFailure(.config, "`timeout` must be more than 0 seconds, found `\(seconds)`")
    }
    return seconds.map { .seconds($0) }
  }

  /// The workflow's folder within the project; nil when they are the same.
  private var workflowFolder: String? {
    let project = URL(filePath: context.projectDirectory).standardizedFileURL.pathComponents
    let workflow = URL(filePath: context.workingDirectory).standardizedFileURL.pathComponents
    guard workflow.starts(with: project), workflow.count > project.count else { return nil }
    return workflow.dropFirst(project.count).joined(separator: "/")
  }
}
