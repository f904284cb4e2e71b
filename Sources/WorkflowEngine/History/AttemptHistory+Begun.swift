import Values

extension AttemptHistory {
  /// An attempt of which a task was begun, so that it has a log.
  public struct BegunAttempt: Sendable, Hashable {
    public let id: Int64
    /// Unix seconds; nil while it has not ended.
    public let finishedAt: Double?
  }

  /// Those attempts in the order of their numbers, which are greater than the last one of the page before.
  public func begun(after id: Int64, limit: Int) throws -> [BegunAttempt] {
    try rows(
      """
      SELECT a.id, a.finished_at FROM attempts a
      WHERE a.id > $1 AND EXISTS (
        SELECT 1 FROM tasks t WHERE t.attempt_id = a.id AND t.started_at IS NOT NULL)
      ORDER BY a.id
      LIMIT $2
      """,
      [.int(id), .int(Int64(limit))]
    ).compactMap { row in
      row["id"]?.int.map { BegunAttempt(id: $0, finishedAt: row["finished_at"]?.double) }
    }
  }
}
