import Operators
import SQLWarehouse
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Stands in for an operator in a test: control flow is real, everything that reaches outside is written down instead.
struct TestOperator: Operator {
  let type: String
  /// The operator itself, for control flow.
  let real: (any Operator)?
  let answers: TaskAnswers
  let record: TestRecord
  /// Where `td>` really runs; nil where it does not.
  let engine: (any Warehouse)?
  let nextJobID: @Sendable () -> Int64

  /// Operators that decide what runs, and do nothing else.
  static let control: Set<String> = [
    "call", "echo", "fail", "for_each", "for_range", "if", "loop", "nop", "notify", "param_get",
    "param_set", "store",
  ]

  var retriesOwnFailure: Bool { real?.retriesOwnFailure ?? true }

  func run(_ context: TaskContext) async throws -> TaskOutcome {
    let found = record.answer(for: context.taskName, type: type, in: answers)
    if let found, found.fails { throw TaskFailure(.runtime, found.answer.message) }
    if found == nil, let real { return try await real.run(context) }
    let outcome = try await outcome(context, found?.answer)
    guard case .done(var result) = outcome, let store = found?.answer.store, !store.isEmpty else {
      return outcome
    }
    result.store.merge(store)
    return .done(result)
  }

  private func outcome(_ context: TaskContext, _ answer: TaskAnswer?) async throws -> TaskOutcome {
    switch type {
    case "td":
      return try await SQLOperator(warehouse: warehouse(context, answer), nextJobID: nextJobID)
        .run(context)
    case "td_for_each":
      return try await SQLForEachOperator(
        warehouse: warehouse(context, answer),
        nextJobID: nextJobID
      ).run(context)
    case "td_wait":
      let rows = answer?.rows ?? [["arrived": true]]
      let warehouse = warehouse(context, answer, rows: rows)
      return try await QueryWaitOperator(warehouse: warehouse).run(context)
    case "td_ddl":
      let warehouse = warehouse(context, answer)
      return try await SQLSchemaOperator(warehouse: warehouse).run(context)
    case "mail":
      let mail = try RehearsedMail(context, settings: MailSettings())
      record.state.withLock { $0.mails.append(mail) }
      context.parameters.useAll()
      return .done(TaskResult())
    case "http", "http_call": return try request(context, answer)
    default:
      write(context)
      return .done(TaskResult())
    }
  }

  private func warehouse(
    _ context: TaskContext,
    _ answer: TaskAnswer?,
    rows: [ObjectValue]? = nil
  ) -> RecordedWarehouse {
    let (record, name) = (record, context.taskName)
    return RecordedWarehouse(
      rows: rows ?? answer?.rows ?? [],
      known: renamed(context),
      engine: answer?.rows == nil ? engine : nil
    ) { record.record($0, of: name) }
  }

  /// Tables that a `td_ddl>` renames: a test without a warehouse takes them for being there.
  private func renamed(_ context: TaskContext) -> [TableName] {
    let options = context.parameters.defaults(from: "td")
    let database = options.value("database")?.text ?? ""
    return (options.value("rename_tables")?.array ?? []).compactMap { pair in
      // why: a name that cannot be one is refused by the operator, with its words
      pair.object?["from"]?.string.flatMap { try? TableName($0, database: database) }
    }
  }

  /// Keeps what the task was told, as it was evaluated.
  private func write(_ context: TaskContext) {
    let values = context.parameters.values
    context.parameters.useAll()
    var told = ObjectValue()
    for key in context.parameters.local where !["_type", "_do", "_retry"].contains(key) {
      told[key] = values[key]
    }
    let command = values["_command"] ?? .null
    if let options = command.object {
      told["_command"] = nil
      told = options.merging(told)
    } else {
      told["_command"] = nil
      if !command.isNull { told["command"] = command }
    }
    record.state.withLock { state in
      state.parameters[context.taskName] = told
      if ["sh", "py", "rb"].contains(type) { state.scripts[context.taskName] = command.text }
    }
  }

  private func request(_ context: TaskContext, _ answer: TaskAnswer?) throws -> TaskOutcome {
    write(context)
    let status = answer?.status ?? 200
    let content = answer?.content ?? ""
    guard status < 400 else {
      let kind = status < 500 ? "4XX Client Error" : "5XX Server Error"
      let method = context.parameters.value("method")?.text ?? "GET"
      let address = context.parameters.value("_command")?.text ?? ""
      throw TaskFailure(
        .runtime,
        "HTTP \(kind): \(method) \(address) - \(status): \(content.prefix(200))"
      )
    }
    if type == "http_call" {
      guard !content.isEmpty else { return .done(TaskResult()) }
      let tasks = try ProjectLoader.compileFetched(text: content, from: "answer of the test")
      return .done(TaskResult(subtasks: tasks))
    }
    var stored: ObjectValue = ["last_status": .int(Int64(status))]
    if try context.parameters.defaults(from: "http").bool("store_content") {
      stored["last_content"] = .string(content)
    }
    return .done(
      TaskResult(
        store: ["http": .object(stored)],
        reset: [["http", "last_status"], ["http", "last_content"]]
      )
    )
  }
}
