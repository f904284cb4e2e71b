import Storage
import Values

/// Saves the tasks of one attempt; what is saved in one call is one transaction.
public struct AttemptJournal: Sendable {
  private let database: SQLDatabase
  private let attempt: Int64

  init(database: SQLDatabase, attempt: Int64) {
    self.database = database
    self.attempt = attempt
  }

  /// Writes the present state of some tasks.
  public func save(_ tasks: [TaskEntry]) throws {
    try database.write { connection in
      for task in tasks {
        _ = try connection.execute(
          """
          INSERT INTO tasks (
            attempt_id, id, parent_id, full_name, type, state, upstreams, store_params, reset_params,
            export_params, poll_state, error_message, error_detail, retry_count, started_at, finished_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
          ON CONFLICT (attempt_id, id) DO UPDATE SET
            state = excluded.state,
            store_params = excluded.store_params,
            reset_params = excluded.reset_params,
            export_params = excluded.export_params,
            poll_state = excluded.poll_state,
            error_message = excluded.error_message,
            error_detail = excluded.error_detail,
            retry_count = excluded.retry_count,
            started_at = excluded.started_at,
            finished_at = excluded.finished_at
          """,
          row(task)
        )
      }
    }
  }

  private func row(_ task: TaskEntry) -> [Value] {
    [
      .int(attempt), .int(Int64(task.id)), task.parent.map { .int(Int64($0)) } ?? .null,
      .string(task.fullName), task.operatorType.map { .string($0) } ?? .null,
      .string(task.state.rawValue), json(.array(task.upstreams.map { .int(Int64($0)) })),
      json(.object(task.store)), json(.array(task.reset.map { .array($0.map { .string($0) }) })),
      json(.object(task.exported)), json(.object(task.pollState)),
      task.error.map { .string($0.message) } ?? .null,
      task.error.map { .string($0.detail) } ?? .null,
      .int(Int64(task.retryCount)), task.startedAt.map { .double($0) } ?? .null,
      task.finishedAt.map { .double($0) } ?? .null,
    ]
  }

  private func json(_ value: Value) -> Value { .string(JSON.encode(value)) }
}
