import Storage
import Values

/// Saves the tasks of one attempt for the runner that claimed it; what is saved in one call is one transaction.
public struct AttemptJournal: Sendable {
  /// What the runner wants to have saved.
  public struct Entry: Sendable {
    public var changes: [TaskChange]
    /// The tasks that changed are in it.
    public let tree: TaskTree
    /// The kill is under way, so that whoever goes on with the attempt goes on with it.
    public var isKilled: Bool
    /// The claim is to be prolonged.
    public var renews = false
    /// Set when the attempt is over.
    public var ended: AttemptStatus?
    /// Why it ended, where no task says it.
    public var message: String?

    public init(
      changes: [TaskChange],
      in tree: TaskTree,
      isKilled: Bool = false,
      ended: AttemptStatus? = nil,
      message: String? = nil
    ) {
      self.changes = changes
      self.tree = tree
      self.isKilled = isKilled
      self.ended = ended
      self.message = message
    }
  }

  private let database: SQLDatabase
  private let claim: AttemptClaim

  init(database: SQLDatabase, claim: AttemptClaim) {
    self.database = database
    self.claim = claim
  }

  /// How long a claim is good for without being renewed.
  public var lease: Duration { claim.lease }

  /// Saves what the closure gives.
  ///
  /// The closure is told whether somebody asked for the attempt's end, which cannot change before all is saved.
  /// - Throws: ``EngineError`` `leaseLost`, before the closure is called; what the closure throws; `StorageError`.
  public func commit(at time: Double, _ body: (_ killRequested: Bool) throws -> Entry) throws {
    try database.write { connection in
      let entry = try body(try killRequested(connection))
      try save(entry, connection)
      if entry.isKilled {
        try connection.execute(Self.noteKill, [.double(time), .int(claim.attempt)])
      }
      if entry.renews {
        try connection.execute(
          Self.renew,
          [.double(time + claim.lease.inSeconds), .int(claim.attempt)]
        )
      }
      if let status = entry.ended {
        try connection.execute(
          Self.end,
          [
            .string(status.rawValue), .double(time), .optional(entry.message), .int(claim.attempt),
          ]
        )
      }
    }
  }

  /// Gives the claim back, unless it was lost: the attempt goes on with whoever claims it next.
  public func release() throws {
    _ = try database.write { connection in
      try connection.execute(
        "UPDATE attempts SET lease_until = NULL, owner = NULL WHERE id = $1 AND fence = $2",
        [.int(claim.attempt), .int(claim.fence)]
      )
    }
  }

  private func killRequested(_ connection: SQLConnection) throws -> Bool {
    let row = try connection.row(
      "SELECT fence, owner, kill_requested_at FROM attempts WHERE id = $1",
      [.int(claim.attempt)]
    )
    guard let fence = row?["fence"]?.int, fence == claim.fence else {
      let other = row?["owner"]?.string.map { "`\($0)`" } ?? "another runner"
      throw EngineError(
        .leaseLost,
        "attempt \(claim.attempt) was taken over by \(other) or closed; this runner (`\(claim.owner)`) stops and writes nothing more"
      )
    }
    return row?["kill_requested_at"].map { !$0.isNull } ?? false
  }

  private func save(_ entry: Entry, _ connection: SQLConnection) throws {
    for change in entry.changes {
      let task = entry.tree[change.id]
      switch change.extent {
      case .new:
        try connection.execute(TaskRow.insert, TaskRow.insertion(of: task, in: claim.attempt))
      case .outcome:
        try connection.execute(TaskRow.settle, TaskRow.settlement(of: task, in: claim.attempt))
      case .state:
        try connection.execute(TaskRow.move, TaskRow.move(of: task, in: claim.attempt))
      }
    }
  }

  private static let noteKill = """
    UPDATE attempts SET kill_requested_at = $1 WHERE id = $2 AND kill_requested_at IS NULL
    """

  private static let renew = "UPDATE attempts SET lease_until = $1 WHERE id = $2"

  private static let end = """
    UPDATE attempts SET status = $1, finished_at = $2, message = $3, lease_until = NULL WHERE id = $4
    """
}
