import Storage
import Values
import WorkflowLanguage

/// The right of one runner to run an attempt and to write about it.
public struct AttemptClaim: Sendable, Hashable {
  public let attempt: Int64
  /// The number of this claim; a later one has a higher number and ends this one.
  public let fence: Int64
  /// Who claimed it, in words for people.
  public let owner: String
  /// How long the claim is good for without being renewed.
  public let lease: Duration
}

extension AttemptStore {
  /// Begins an attempt with its tasks as the state machine has them, all in one transaction; gives its number.
  ///
  /// - Throws: ``EngineError`` `conflict` when the session has an attempt of that name.
  public func begin(
    _ new: NewAttempt,
    _ machine: inout AttemptStateMachine,
    at time: Double
  ) throws -> Int64 {
    try database.write { connection in
      try refuseSecond(new, connection)
      return try insert(new, &machine, at: time, connection)
    }
  }

  /// The same where a session has one attempt of a name, also of the empty one, and one that runs at a time.
  ///
  /// Of several that begin the same at the same moment one does.
  /// - Returns: the number of the attempt of that name, and whether it is new.
  /// - Throws: ``EngineError`` `conflict` while another attempt of the session runs.
  public func beginOnce(
    _ new: NewAttempt,
    _ machine: inout AttemptStateMachine,
    at time: Double
  ) throws -> (attempt: Int64, isNew: Bool) {
    try database.write { connection in
      let others = try connection.rows(
        "SELECT id, name, status FROM attempts WHERE session_id = $1 ORDER BY id",
        [.int(new.session)]
      )
      if let id = others.first(where: { $0["name"]?.string ?? "" == new.name })?["id"]?.int {
        return (id, false)
      }
      if let running = others.first(where: { $0["status"] == "running" })?["id"]?.int {
        throw EngineError(.conflict, "session \(new.session) is running: attempt \(running)")
      }
      return (try insert(new, &machine, at: time, connection), true)
    }
  }

  private func insert(
    _ new: NewAttempt,
    _ machine: inout AttemptStateMachine,
    at time: Double,
    _ connection: SQLConnection
  ) throws -> Int64 {
    let tasks = machine.drainChanges()
    let attempt = try connection.number(
      """
      INSERT INTO attempts (
        session_id, status, params, timezone, created_at, definition, name, task_limit, resumed_from,
        revision_id, account_id, run_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      RETURNING id AS n
      """,
      [
        .int(new.session), .string(AttemptStatus.running.rawValue),
        .string(JSON.encode(.object(new.parameters))), .string(new.timezone), .double(time),
        .string(try keep(new.definition, connection)), .string(new.name),
        .int(Int64(machine.limits.tasks)),
        .optional(new.resumedFrom.map { JSON.encode($0.value) }), .optional(new.revision),
        .optional(new.account), .optional(new.runTime),
      ]
    )
    // What lists are made by is kept with the attempt, so that a page of them reads one index.
    try connection.execute(
      """
      UPDATE attempts SET
        project_id = (SELECT project_id FROM sessions WHERE sessions.id = session_id),
        workflow = (SELECT workflow FROM sessions WHERE sessions.id = session_id)
      WHERE id = $1
      """,
      [.int(attempt)]
    )
    for task in tasks {
      try connection.execute(
        TaskRow.insert,
        TaskRow.insertion(of: machine.tree[task.id], in: attempt)
      )
    }
    return attempt
  }

  /// Takes an attempt for a runner; whoever had it before can no longer write about it.
  ///
  /// - Parameters:
  ///   - attempt: its number.
  ///   - owner: who runs it, in words for people; an owner may claim again what it holds.
  ///   - lease: how long the claim is good for without being renewed.
  ///   - time: Unix seconds.
  ///   - evenIfHeld: for a caller that knows otherwise that the owner is gone.
  /// - Returns: what ``journal(of:)`` asks for.
  /// - Throws: ``EngineError`` `leaseHeld`, `ended` or `unknownAttempt`.
  public func claim(
    _ attempt: Int64,
    owner: String,
    lease: Duration,
    at time: Double,
    evenIfHeld: Bool = false
  ) throws -> AttemptClaim {
    let row = try database.write { connection in
      try connection.row(
        """
        UPDATE attempts SET fence = fence + 1, owner = $2, lease_until = $3
        WHERE id = $1 AND status = 'running'
          AND ($4 = 1 OR owner IS NULL OR owner = $2 OR lease_until IS NULL OR lease_until < $5)
        RETURNING fence
        """,
        [
          .int(attempt), .string(owner), .double(time + lease.inSeconds), .bool(evenIfHeld),
          .double(time),
        ]
      )
    }
    guard let fence = row?["fence"]?.int else {
      let record = try self.attempt(attempt)
      guard record.status == .running else {
        throw EngineError(.ended, "attempt \(attempt) has ended: \(record.status.rawValue)")
      }
      let rest = Int(((record.leaseUntil ?? time) - time).rounded(.up))
      throw EngineError(
        .leaseHeld,
        "attempt \(attempt) is run by `\(record.owner ?? "")`, whose lease runs out in \(rest) s"
      )
    }
    return AttemptClaim(attempt: attempt, fence: fence, owner: owner, lease: lease)
  }

  /// Where the tasks of a claimed attempt are saved.
  public func journal(of claim: AttemptClaim) -> AttemptJournal {
    AttemptJournal(database: database, claim: claim)
  }

  /// Asks for the end of an attempt; its runner sees it with its next heartbeat or its next saved task.
  ///
  /// - Returns: false when the attempt had ended already.
  /// - Throws: ``EngineError`` `unknownAttempt`.
  @discardableResult
  public func requestKill(_ attempt: Int64, at time: Double) throws -> Bool {
    let count = try database.write { connection in
      try connection.execute(
        """
        UPDATE attempts SET kill_requested_at = coalesce(kill_requested_at, $1)
        WHERE id = $2 AND status = 'running'
        """,
        [.double(time), .int(attempt)]
      )
    }
    if count == 0 { _ = try self.attempt(attempt) }
    return count > 0
  }

  /// Ends an attempt that nobody runs; a runner that is not as dead as it seemed can no longer write about it.
  ///
  /// - Returns: false when it had ended already.
  @discardableResult
  public func endAttempt(
    _ attempt: Int64,
    status: AttemptStatus,
    message: String? = nil,
    at time: Double
  ) throws -> Bool {
    try database.write { connection in
      try connection.execute(
        """
        UPDATE attempts
        SET status = $1, finished_at = $2, message = $3, fence = fence + 1, lease_until = NULL
        WHERE id = $4 AND status = 'running'
        """,
        [.string(status.rawValue), .double(time), .optional(message), .int(attempt)]
      )
    } > 0
  }

  private func refuseSecond(_ new: NewAttempt, _ connection: SQLConnection) throws {
    guard !new.name.isEmpty else { return }
    let other = try connection.row(
      "SELECT id FROM attempts WHERE session_id = $1 AND name = $2",
      [.int(new.session), .string(new.name)]
    )
    if let id = other?["id"]?.int {
      throw EngineError(
        .conflict,
        "session \(new.session) has an attempt named `\(new.name)` already: attempt \(id)"
      )
    }
  }
}
