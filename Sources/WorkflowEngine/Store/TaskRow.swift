import Storage
import Values
import WorkflowLanguage

/// A task of an attempt as a row, in both directions.
enum TaskRow {
  /// Adds a task.
  static let insert = """
    INSERT INTO tasks (
      attempt_id, id, parent_id, full_name, type, role, node, upstreams, state, retry_count, due_at,
      started_at, finished_at, store_params, reset_params, export_params, poll_state, error_message,
      error_detail, retry, delayed_end, is_superseded, is_resumed, is_held)
    VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
      $21, $22, $23, $24)
    """

  /// Writes where a task stands and what it left behind.
  static let settle = """
    UPDATE tasks
    SET state = $3, retry_count = $4, due_at = $5, started_at = $6, finished_at = $7,
      store_params = $8, reset_params = $9, export_params = $10, poll_state = $11,
      error_message = $12, error_detail = $13, retry = $14, delayed_end = $15,
      is_superseded = $16, is_resumed = $17, is_held = $18
    WHERE attempt_id = $1 AND id = $2
    """

  /// Writes where a task stands; what it left behind is saved already.
  static let move = """
    UPDATE tasks
    SET state = $3, retry_count = $4, due_at = $5, started_at = $6, finished_at = $7
    WHERE attempt_id = $1 AND id = $2
    """

  static func insertion(of task: TaskEntry, in attempt: Int64) -> [Value] {
    let key = key(of: task, in: attempt)
    let place: [Value] = [
      .optional(task.parent.map(Int64.init)), .string(task.fullName), .optional(task.operatorType),
      .string(task.role.rawValue),
      task.isInLayout ? .null : .string(JSON.encode(task.node.value)), ids(task.upstreams),
    ]
    return key + place + standing(of: task) + outcome(of: task)
  }

  static func settlement(of task: TaskEntry, in attempt: Int64) -> [Value] {
    key(of: task, in: attempt) + standing(of: task) + outcome(of: task)
  }

  static func move(of task: TaskEntry, in attempt: Int64) -> [Value] {
    key(of: task, in: attempt) + standing(of: task)
  }

  private static func key(of task: TaskEntry, in attempt: Int64) -> [Value] {
    [.int(attempt), .int(Int64(task.id))]
  }

  private static func standing(of task: TaskEntry) -> [Value] {
    [
      .string(task.state.rawValue), .int(Int64(task.retryCount)), .optional(task.dueAt),
      .optional(task.startedAt), .optional(task.finishedAt),
    ]
  }

  private static func outcome(of task: TaskEntry) -> [Value] {
    [
      object(task.store), reset(task.reset), object(task.exported), object(task.pollState),
      .optional(task.error?.message), .optional(task.error?.detail),
      .optional(task.retry.map { JSON.encode($0.value) }), .optional(task.delayedEnd?.rawValue),
      .bool(task.isSuperseded), .bool(task.isResumed), .bool(task.isHeld),
    ]
  }

  private static func object(_ object: ObjectValue) -> Value {
    object.isEmpty ? "{}" : .string(JSON.encode(.object(object)))
  }

  private static func reset(_ paths: [[String]]) -> Value {
    paths.isEmpty
      ? "[]" : .string(JSON.encode(.array(paths.map { .array($0.map { .string($0) }) })))
  }

  private static func ids(_ ids: [TaskID]) -> Value {
    .string("[" + ids.map(String.init).joined(separator: ",") + "]")
  }
}

extension TaskRow {
  /// - Throws: ``EngineError`` `unreadable` for a row that is damaged.
  static func task(_ row: ObjectValue) throws -> SavedTask {
    guard let id = row["id"]?.int, let state = row["state"]?.string.flatMap(TaskState.init),
      let role = row["role"]?.string.flatMap(TaskEntry.Role.init)
    else { throw EngineError(.unreadable, "a saved task has no number, state or role: \(row)") }
    return SavedTask(
      id: Int(id),
      parent: row["parent_id"]?.int.map { Int($0) },
      role: role,
      node: try row["node"]?.string.map { try TaskNode(JSON.decode($0)) },
      upstreams: try row.list("upstreams").compactMap { $0.int.map { Int($0) } },
      state: state,
      store: try row.members("store_params"),
      reset: try row.list("reset_params").map { $0.array?.compactMap(\.string) ?? [] },
      exported: try row.members("export_params"),
      pollState: try row.members("poll_state"),
      error: row["error_message"]?.string.map {
        TaskError(message: $0, detail: row["error_detail"]?.string ?? "")
      },
      retryCount: Int(row["retry_count"]?.int ?? 0),
      retry: try row["retry"]?.string.map { try RetryPolicy(JSON.decode($0)) },
      delayedEnd: row["delayed_end"]?.string.flatMap(TaskState.init),
      dueAt: row["due_at"]?.double,
      startedAt: row["started_at"]?.double,
      finishedAt: row["finished_at"]?.double,
      isSuperseded: row["is_superseded"] == 1,
      isResumed: row["is_resumed"] == 1,
      isHeld: row["is_held"] == 1
    )
  }
}

extension ObjectValue {
  /// The JSON object in a column.
  func members(_ column: String) throws -> ObjectValue {
    guard let text = self[column]?.string, text != "{}" else { return [:] }
    return try JSON.decode(text).object ?? [:]
  }

  /// The JSON array in a column.
  func list(_ column: String) throws -> [Value] {
    guard let text = self[column]?.string, text != "[]" else { return [] }
    return try JSON.decode(text).array ?? []
  }
}

extension Value {
  static func optional(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
  static func optional(_ number: Double?) -> Value { number.map { .double($0) } ?? .null }
  static func optional(_ number: Int64?) -> Value { number.map { .int($0) } ?? .null }
}
