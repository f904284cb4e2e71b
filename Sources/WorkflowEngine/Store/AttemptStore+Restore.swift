import Storage
import Values
public import WorkflowLanguage

/// An attempt brought back from its rows.
public struct RestoredAttempt: Sendable {
  public let record: AttemptRecord
  public let definition: WorkflowDefinition
  /// For ``AttemptStateMachine/init(restoring:limits:)``.
  public let saved: SavedAttempt
}

extension AttemptStore {
  /// The content hash under which a definition is kept; equal definitions have equal ones.
  public static func hash(of definition: WorkflowDefinition) -> String {
    hash(ofBody: JSON.encode(definition.value))
  }

  private static func hash(ofBody body: String) -> String {
    SHA256.hexadecimal(of: Array(body.utf8))
  }

  /// Keeps a definition once; gives its hash.
  func keep(_ definition: WorkflowDefinition, _ connection: SQLConnection) throws -> String {
    let body = JSON.encode(definition.value)
    let hash = Self.hash(ofBody: body)
    try connection.execute(
      "INSERT INTO definitions (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
      [.string(hash), .string(body)]
    )
    return hash
  }

  /// A kept definition; nil when there is none of that hash.
  public func definition(_ hash: String) throws -> WorkflowDefinition? {
    let row = try database.read { connection in
      try connection.row("SELECT body FROM definitions WHERE hash = $1", [.string(hash)])
    }
    return try row?["body"]?.string.map { try WorkflowDefinition(JSON.decode($0)) }
  }

  /// How an attempt stands.
  ///
  /// - Throws: ``EngineError`` `unknownAttempt`.
  public func attempt(_ id: Int64) throws -> AttemptRecord {
    let row = try database.read { connection in
      try connection.row("SELECT * FROM attempts WHERE id = $1", [.int(id)])
    }
    guard let row else { throw EngineError(.unknownAttempt, "there is no attempt \(id)") }
    return try AttemptRecord(row: row)
  }

  /// Brings an attempt back to where its last saved task left it.
  ///
  /// - Throws: ``EngineError`` `unknownAttempt`, and `unreadable` when it cannot be gone on with.
  public func restore(_ id: Int64) throws -> RestoredAttempt {
    let record = try attempt(id)
    do {
      guard let definition = try record.definition.flatMap({ try definition($0) }) else {
        throw EngineError(.unreadable, "its definition was not kept")
      }
      let tasks = try database.read { connection in
        try connection.rows("SELECT * FROM tasks WHERE attempt_id = $1 ORDER BY id", [.int(id)])
      }.map { try TaskRow.task($0) }
      let tree = try TaskTree(root: definition.root, saved: tasks)
      return RestoredAttempt(
        record: record,
        definition: definition,
        saved: SavedAttempt(
          tree: tree,
          finishedBefore: try record.resumedFrom.map { try finishedTasks(by: $0) } ?? [],
          held: Set(tree.entries.lazy.filter(\.isHeld).map(\.fullName)),
          isKilled: record.killRequestedAt != nil
        )
      )
    } catch {
      throw EngineError(.unreadable, "attempt \(id) cannot be restored: \(error)", cause: error)
    }
  }

  /// What an attempt takes over by a rule: what succeeded in the earlier attempt, and in those that it took over from in turn
  /// where it never came to the task itself.
  public func finishedTasks(by rule: ResumeRule) throws -> [FinishedTask] {
    var found: [FinishedTask] = []
    var met: Set<String> = []
    var rules = [rule]
    while let next = rules.last {
      let finished = try finishedTasks(of: next.attempt)
      for task in finished where !met.contains(task.fullName) {
        if !rules.contains(where: { $0.runsAgain(task.fullName) }) { found.append(task) }
      }
      guard rules.count < 100, let earlier = try attempt(next.attempt).resumedFrom,
        earlier.attempt < next.attempt
      else { return found }
      met.formUnion(try names(of: next.attempt))
      rules.append(earlier)
    }
    return found
  }

  private func names(of attempt: Int64) throws -> [String] {
    try database.read { connection in
      try connection.rows(
        "SELECT DISTINCT full_name FROM tasks WHERE attempt_id = $1",
        [.int(attempt)]
      )
    }.compactMap { $0["full_name"]?.string }
  }
}
