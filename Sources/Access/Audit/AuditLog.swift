public import Storage
import Values

/// What was done on the server, each entry chained to the one before it by its hash.
///
/// Whoever edits, removes, reorders or inserts rows is found out by ``verify(against:)``. Someone who can write
/// to the database and knows this file can chain all entries anew: against that, note the ``head()`` elsewhere
/// from time to time and verify against it.
public struct AuditLog: Sendable {
  private let database: SQLDatabase
  private let clock: @Sendable () -> Int64
  private static let pageSize: Int64 = 1_000

  public init(database: SQLDatabase, clock: @escaping @Sendable () -> Int64) throws {
    self.database = database
    self.clock = clock
    try database.migrate(AccessMigrations.all, room: AccessMigrations.room)
  }

  /// Adds an entry, on the disk when the call returns.
  ///
  /// - Throws: ``AccessError`` `damaged` when the log has no end to add to.
  @discardableResult
  public func append(_ event: AuditEvent) throws -> AuditEntry {
    try database.write { connection in
      let entry = AuditEntry(
        following: try Self.head(connection),
        at: clock(),
        event: event.storable
      )
      try Self.insert(entry, connection)
      try connection.execute(
        "UPDATE audit_head SET position = $1, hash = $2 WHERE id = 1",
        [.int(entry.position), .string(entry.hash)]
      )
      return entry
    }
  }

  /// The newest entries first, at most so many (and 1,000); for the next page, those before a position.
  public func entries(before: Int64? = nil, limit: Int64 = 100) throws -> [AuditEntry] {
    try database.read {
      try $0.rows(
        "SELECT * FROM audit_entries WHERE position < $1 ORDER BY position DESC LIMIT $2",
        [.int(before ?? .max), .int(min(max(limit, 0), Self.pageSize))]
      ).map(AuditEntry.init)
    }
  }

  /// Where the log ends.
  ///
  /// - Throws: ``AccessError`` `damaged` when that is not there.
  public func head() throws -> AuditHead { try database.read(Self.head) }

  /// Reads the whole log and says where it is not what was written.
  ///
  /// With a head of earlier that was kept elsewhere, its entry must be there too.
  public func verify(against noted: AuditHead? = nil) throws -> AuditVerification {
    // What is added meanwhile is not looked at, so the log may be verified while it grows.
    let (recorded, last, count) = try database.read { connection in
      let row = try connection.row(
        """
        SELECT MAX(position) AS last, COUNT(*) AS entries,
          (SELECT COUNT(*) FROM audit_head) AS heads FROM audit_entries
        """
      )
      let isAlone = row?["heads"]?.int == 1
      let head = isAlone ? try Self.readableHead(connection) : nil
      return (head, row?["last"]?.int ?? 0, row?["entries"]?.int ?? 0)
    }
    guard let head = recorded else {
      return .broken(at: last &+ 1, "the record of where the log ends is gone or is not readable")
    }
    var reached = AuditHead.beginning
    var sawNoted = noted == nil || noted == reached
    while reached.position < max(head.position, last) {
      let rows = try page(after: reached.position, through: max(head.position, last))
      for row in rows {
        if let why = Self.fault(of: row, after: reached) {
          return .broken(at: reached.position + 1, why)
        }
        reached = AuditHead(
          position: reached.position + 1,
          hash: row["hash"]?.string ?? ""
        )
        sawNoted = sawNoted || noted == reached
      }
      if rows.isEmpty { return .broken(at: reached.position + 1, "the newest entries are gone") }
    }
    guard reached == head else {
      return .broken(
        at: min(reached.position, head.position) + 1,
        "the log ends elsewhere than recorded"
      )
    }
    // Rows at places that the walk above does not come by: before the first, or at no number.
    guard count == reached.position else {
      return .broken(at: 0, "there are entries outside of the chain")
    }
    guard sawNoted else {
      return .broken(at: noted?.position ?? 0, "the entry that was noted is not the one in the log")
    }
    return .intact(reached)
  }

  private func page(after position: Int64, through last: Int64) throws -> [ObjectValue] {
    try database.read {
      try $0.rows(
        """
        SELECT * FROM audit_entries WHERE position > $1 AND position <= $2
        ORDER BY position LIMIT $3
        """,
        [.int(position), .int(last), .int(Self.pageSize)]
      )
    }
  }

  private static func fault(of row: ObjectValue, after reached: AuditHead) -> String? {
    do {
      let entry = try AuditEntry(row)
      guard entry.position == reached.position + 1 else { return "an entry is gone" }
      guard entry.previousHash == reached.hash else {
        return "the entry does not follow the one before it"
      }
      return entry.isWhole ? nil : "the entry was edited"
    } catch {
      return "the entry is not readable: \(error)"
    }
  }

  /// nil when it is gone or unreadable, which a verification tells instead of failing.
  private static func readableHead(_ connection: SQLConnection) throws -> AuditHead? {
    do { return try head(connection) } catch let error as AccessError where error.code == .damaged {
      return nil
    }
  }

  private static func head(_ connection: SQLConnection) throws -> AuditHead {
    guard let row = try connection.row("SELECT * FROM audit_head WHERE id = 1") else {
      throw AccessError(.damaged, "the record of where the audit log ends is gone")
    }
    let read = AccessRow(row)
    return AuditHead(position: try read.integer("position"), hash: try read.text("hash"))
  }

  private static func insert(_ entry: AuditEntry, _ connection: SQLConnection) throws {
    let event = entry.event
    try connection.execute(
      """
      INSERT INTO audit_entries (
        position, at, account_id, account_name, token_id, address, action, target, outcome,
        before_change, after_change, previous_hash, hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      """,
      [
        .int(entry.position), .int(entry.at), Value(event.actor.account),
        .string(event.actor.name), Value(event.actor.token), .string(event.actor.address),
        .string(event.action), .string(event.target), .string(event.outcome.rawValue),
        Value(event.change.before), Value(event.change.after), .string(entry.previousHash),
        .string(entry.hash),
      ]
    )
  }
}

/// What ``AuditLog/verify(against:)`` found.
public enum AuditVerification: Sendable, Hashable {
  /// Every entry up to this one is as it was written.
  case intact(AuditHead)
  /// The first position where the log is not as it was written, and why.
  case broken(at: Int64, String)
}
