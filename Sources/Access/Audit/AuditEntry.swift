import Values

/// Who did something, and from where.
public struct AuditActor: Sendable, Hashable {
  /// nil for the owner of a server without accounts, the server itself, and whoever did not sign in.
  public let account: Int64?
  public let name: String
  /// The number of the API token that was shown.
  public let token: Int64?
  /// The client's address; empty when there is none.
  public let address: String

  public init(account: Int64?, name: String, token: Int64?, address: String) {
    self.account = account
    self.name = name
    self.token = token
    self.address = address
  }

  public init(_ principal: Principal, address: String) {
    self.init(
      account: principal.account,
      name: principal.name,
      token: principal.token,
      address: address
    )
  }
}

/// What a thing was before and after a change: a hash or a short summary, never a secret.
public struct AuditChange: Sendable, Hashable {
  public let before: String?
  public let after: String?

  public init(before: String? = nil, after: String? = nil) {
    self.before = before
    self.after = after
  }
}

/// Something that is to be remembered.
public struct AuditEvent: Sendable, Hashable {
  /// How it went.
  public enum Outcome: String, Sendable, CaseIterable {
    case done
    /// It was not allowed.
    case refused
    /// It was allowed, and went wrong.
    case failed
  }

  public let actor: AuditActor
  /// Such as `secret.set`.
  public let action: String
  /// Such as `project 7, secret mail.password`.
  public let target: String
  public let outcome: Outcome
  public let change: AuditChange

  public init(
    by actor: AuditActor,
    action: String,
    target: String,
    outcome: Outcome = .done,
    change: AuditChange = AuditChange()
  ) {
    self.actor = actor
    self.action = action
    self.target = target
    self.outcome = outcome
    self.change = change
  }

  /// With texts that a database takes, of a length that an attacker does not choose.
  var storable: AuditEvent {
    func cut(_ text: String) -> String { Self.cut(text, to: 2_000) }
    return AuditEvent(
      by: AuditActor(
        account: actor.account,
        name: Self.cut(actor.name, to: 200),
        token: actor.token,
        address: Self.cut(actor.address, to: 200)
      ),
      action: Self.cut(action, to: 200),
      target: cut(target),
      outcome: outcome,
      change: AuditChange(before: change.before.map(cut), after: change.after.map(cut))
    )
  }

  private static func cut(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars.prefix(limit).map { $0.value == 0 ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}

/// An event as it stands in the log.
public struct AuditEntry: Sendable, Hashable {
  /// Counted from 1, without gaps.
  public let position: Int64
  /// When it was noted.
  public let at: Int64
  public let event: AuditEvent
  /// The hash of the entry before.
  public let previousHash: String
  public let hash: String

  /// The entry that follows another.
  init(following head: AuditHead, at: Int64, event: AuditEvent) {
    position = head.position + 1
    self.at = at
    self.event = event
    previousHash = head.hash
    hash = Self.hash(position: position, at: at, event: event, previousHash: head.hash)
  }

  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    guard let outcome = AuditEvent.Outcome(rawValue: try row.text("outcome")) else {
      throw AccessError(.damaged, "an entry of the audit log has an outcome that there is not")
    }
    position = try row.integer("position")
    at = try row.integer("at")
    event = AuditEvent(
      by: AuditActor(
        account: try row.optionalInteger("account_id"),
        name: try row.text("account_name"),
        token: try row.optionalInteger("token_id"),
        address: try row.text("address")
      ),
      action: try row.text("action"),
      target: try row.text("target"),
      outcome: outcome,
      change: AuditChange(
        before: try row.optionalText("before_change"),
        after: try row.optionalText("after_change")
      )
    )
    previousHash = try row.text("previous_hash")
    hash = try row.text("hash")
  }

  /// True when the hash is that of what the entry says.
  var isWhole: Bool {
    hash == Self.hash(position: position, at: at, event: event, previousHash: previousHash)
  }

  /// SHA-256 over the fields in order, each as its length in bytes, `:` and its UTF-8, or `-` when it is
  /// absent: two different entries never give the same bytes.
  private static func hash(
    position: Int64,
    at: Int64,
    event: AuditEvent,
    previousHash: String
  ) -> String {
    let fields: [String?] = [
      "tadoru audit 1", previousHash, String(position), String(at),
      event.actor.account.map { String($0) }, event.actor.name,
      event.actor.token.map { String($0) }, event.actor.address, event.action, event.target,
      event.outcome.rawValue, event.change.before, event.change.after,
    ]
    let text = fields.map { field in field.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
    return SHA256.hexadecimal(of: Array(text.utf8))
  }
}

/// Where the log ends: what the newest entry is.
public struct AuditHead: Sendable, Hashable {
  public let position: Int64
  public let hash: String

  public init(position: Int64, hash: String) {
    self.position = position
    self.hash = hash
  }

  /// Of a log without entries.
  static let beginning = AuditHead(position: 0, hash: String(repeating: "0", count: 64))
}
