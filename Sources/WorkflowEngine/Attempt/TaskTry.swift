import Values
import WorkflowLanguage

/// One try of one task: evaluates its parameters, runs its operator, says what came of it.
struct TaskTry: Sendable {
  let entry: TaskEntry
  /// Merged and raw, without built-ins and local keys.
  let parameters: ObjectValue
  let remounts: ObjectValue
  let taskLimit: Int
  let environment: AttemptEnvironment

  func run() async -> AttemptStateMachine.Event {
    if environment.isRehearsal { return rehearse() }
    var retry: RetryPolicy?
    do {
      let worker = try worker()
      let workspace = try workspace(for: worker)
      defer { workspace?.remove() }
      let project = workspace?.directory ?? environment.projectDirectory
      let evaluated = try evaluate(in: project)
      let policy = try evaluated.value("_retry").map { value throws(WorkflowError) in
        try RetryPolicy(value)
      }
      retry = worker.retriesOwnFailure ? policy : nil
      switch try await worker.run(try context(evaluated, in: project)) {
      case .poll(let pause, let state): return .polling(entry.id, after: pause, state: state)
      case .done(let result):
        warnAboutUnused(evaluated)
        return .finished(entry.id, masked(result), check: try check(), retry: policy)
      }
    } catch {
      return .failed(entry.id, masked(report(error)), retry: retry)
    }
  }

  /// A secret never gets into rows, nor into what later tasks see.
  private func masked(_ result: TaskResult) -> TaskResult {
    guard let mask = environment.mask else { return result }
    var result = result
    result.store = mask(.object(result.store)).object ?? [:]
    result.export = mask(.object(result.export)).object ?? [:]
    return result
  }

  private func masked(_ error: TaskError) -> TaskError {
    guard let mask = environment.mask else { return error }
    return TaskError(
      message: mask(.string(error.message)).text,
      detail: mask(.string(error.detail)).text
    )
  }

  /// Says what would run; a parameter that only a run can know is shown as written.
  private func rehearse() -> AttemptStateMachine.Event {
    var values = entry.node.config
    var note = ""
    do {
      let evaluated = try evaluate(in: environment.projectDirectory)
      for key in values.keys { values[key] = evaluated.values[key] }
    } catch {
      note = " (as written: \(error.message))"
    }
    let command = values["_command"].map { $0.isNull ? "" : " " + $0.text } ?? ""
    environment.listener.logged(
      entry.fullName,
      .info,
      "would run \(entry.operatorType ?? "")>\(command)\(note)"
    )
    for (key, value) in values where !key.hasPrefix("_") || key.hasSuffix("do") {
      environment.listener.logged(entry.fullName, .info, "  \(key): \(value.text)")
    }
    return .finished(entry.id, TaskResult(), check: nil, retry: nil)
  }

  /// A copy of the project's files, where the task needs one.
  private func workspace(for worker: any Operator) throws(TaskFailure) -> Workspace? {
    guard let make = environment.workspace,
      worker.writesFiles(parameters.merging(entry.node.config))
    else { return nil }
    do {
      return try make()
    } catch {
      throw TaskFailure(.runtime, "the project cannot be copied for the task: \(error)")
    }
  }

  private func evaluate(in project: String) throws(WorkflowError) -> Parameters {
    var builtIns = environment.builtIns(entry.fullName)
    if builtIns["_project_path"] != nil { builtIns["_project_path"] = .string(project) }
    let merged = parameters.merging(builtIns)
    let values = try environment.templates.evaluate(
      local: entry.node.config,
      parameters: merged,
      timezone: environment.identity.timezone,
      verbatim: entry.fullName.contains("^error") ? ["error"] : []
    )
    return Parameters(values, local: entry.node.config.keys, task: entry.fullName)
  }

  private func worker() throws(TaskFailure) -> any Operator {
    let type = entry.operatorType ?? ""
    if let worker = environment.operators[type] { return worker }
    let near = Suggestion.nearest(to: type, among: Array(environment.operators.keys))
    let hint =
      near.isEmpty ? "" : " (did you mean \(near.map { "`\($0)>`" }.joined(separator: ", "))?)"
    throw TaskFailure(.config, "Unknown task type: \(type)\(hint)")
  }

  private func check() throws(WorkflowError) -> TaskNode? {
    guard let check = entry.node.check else { return nil }
    return try TaskCompiler.compile(
      check,
      name: "^check",
      under: entry.fullName,
      at: entry.node.location,
      places: entry.node.locations(under: "_check")
    )
  }

  private func context(
    _ evaluated: Parameters,
    in project: String
  ) throws(TaskFailure) -> TaskContext {
    let name = entry.fullName
    let listener = environment.listener
    var context = TaskContext(
      taskName: name,
      attempt: environment.identity,
      parameters: evaluated,
      workingDirectory: workingDirectory(in: project),
      projectDirectory: project,
      attemptDirectory: environment.attemptDirectory,
      state: entry.pollState,
      templates: environment.templates,
      secrets: try SecretStore(environment.secrets, remounts: remounts),
      output: TaskOutput(
        print: { listener.printed(name, $0) },
        log: { listener.logged(name, $0, $1) }
      ),
      taskLimit: taskLimit,
      location: entry.node.location,
      node: entry.node,
      tryKey: environment.identity.key.map { TryKey(attempt: $0, task: entry) }
    )
    context.isolation = environment.isolation
    return context
  }

  /// The project folder, or the folder of the file that `call>` brought in.
  private func workingDirectory(in project: String) -> String {
    guard let below = parameters["_workdir"]?.string, !below.isEmpty else { return project }
    return below.hasPrefix("/") ? below : project + "/" + below
  }

  private func warnAboutUnused(_ evaluated: Parameters) {
    for line in evaluated.unusedWarnings() {
      environment.listener.logged(entry.fullName, .warning, line)
    }
  }

  private func report(_ error: any Error) -> TaskError {
    switch error {
    case let failure as TaskFailure:
      TaskError(message: failure.description, detail: failure.detail ?? "")
    case let error as WorkflowError:
      TaskError(message: error.message + " (config)", detail: detail(of: error))
    case is CancellationError: TaskError(message: "killed")
    default: TaskError(message: "\(error) (runtime)")
    }
  }

  /// The place, where it is another than the task's own, and what to do.
  private func detail(of error: WorkflowError) -> String {
    let place = error.location == entry.node.location ? nil : error.location
    return [place.map { "at \($0)" }, error.hint].compactMap(\.self).joined(separator: ": ")
  }
}
