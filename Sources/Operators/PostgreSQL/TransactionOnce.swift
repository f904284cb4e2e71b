import Values

/// A transaction that is committed at most once for its key, however often it is tried: the key is kept in a table of the
/// same database, and becomes done in the same transaction.
struct TransactionOnce: Sendable {
  enum Outcome: Sendable, Hashable {
    case done
    /// An earlier try committed it.
    case wasDone
    /// An earlier try, perhaps of a process that is gone, still runs on the server.
    case runsElsewhere
  }

  let table: PostgreSQLTable
  let key: String
  /// How long keys are kept.
  let retention: Duration

  /// Runs the work unless the key is done.
  func run(
    on connection: PostgreSQLConnection,
    _ work: () async throws -> Void
  ) async throws -> Outcome {
    try await makeTable(on: connection)
    try await connection.rows(
      // why: the name is quoted
      "INSERT INTO \(table.quoted) (query_id, created_at) VALUES ($1, now()) ON CONFLICT (query_id) DO NOTHING",
      [.string(key)]
    )
    return try await connection.transaction {
      do {
        let found = try await connection.rows(
          // why: the name is quoted
          "SELECT completed_at FROM \(table.quoted) WHERE query_id = $1 FOR UPDATE NOWAIT",
          [.string(key)]
        )
        if found.first?.first?.isNull == false { return .wasDone }
      } catch let failure as PostgreSQLFailure where failure.state == "55P03" {
        // why: the failed transaction must end before its connection is fit for another statement
        try await connection.execute("ROLLBACK; BEGIN")
        return .runsElsewhere
      }
      try await work()
      try await connection.rows(
        // why: the name is quoted
        "UPDATE \(table.quoted) SET completed_at = now() WHERE query_id = $1",
        [.string(key)]
      )
      return .done
    }
  }

  /// Forgets keys that are done and old.
  func cleanUp(on connection: PostgreSQLConnection) async throws {
    try await connection.rows(
      """
      DELETE FROM \(table.quoted)
      WHERE completed_at < now() - $1::float8 * interval '1 second'
      """,
      [.int(retention.components.seconds)]
    )
  }

  // Looked for first: where the table is there, the right to make it is not needed.
  private func makeTable(on connection: PostgreSQLConnection) async throws {
    let isThere = "SELECT to_regclass($1) IS NOT NULL"
    let name: [Value] = [.string(table.quoted)]
    if try await connection.rows(isThere, name) == [[true]] { return }
    do {
      try await connection.execute(
        """
        CREATE TABLE IF NOT EXISTS \(table.quoted) (
          query_id text NOT NULL UNIQUE,
          created_at timestamptz NOT NULL,
          completed_at timestamptz
        )
        """
      )
    } catch let failure as PostgreSQLFailure {
      // why: of two tasks that make it at once, one is refused
      if try await connection.rows(isThere, name) == [[true]] { return }
      throw PostgreSQLFailure(
        state: failure.state,
        "the status table `\(table)` cannot be made: \(failure.message)",
        remarks: ["give the user the right to make it, or set `strict_transaction: false`"]
      )
    }
  }
}
