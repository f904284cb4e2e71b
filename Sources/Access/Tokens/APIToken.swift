public import Values

/// A token that stands for an account, with no more than its scope allows.
public struct APIToken: Sendable, Hashable {
  public let number: Int64
  public let account: Int64
  /// What its owner calls it; unique among those of an account that are not revoked.
  public let name: String
  public let scope: TokenScope
  public let createdAt: Int64
  /// nil for never.
  public let expiresAt: Int64?
  /// To the minute.
  public let lastUsedAt: Int64?
}

/// The most that a token may be used for; the owner's own role is a limit too.
public struct TokenScope: Sendable, Hashable {
  /// The highest role; nil for the owner's.
  public let role: Role?
  /// The only project; nil for all of the owner's, and the server.
  public let project: Int64?

  public init(role: Role? = nil, project: Int64? = nil) {
    self.role = role
    self.project = project
  }
}

/// A token that has just been made, with the text that is never shown again.
public struct NewToken: Sendable {
  public let token: APIToken
  public let secret: Secret
}

/// The text of a token: `tdr_`, 43 digits of 256 random bits, 6 digits of their CRC-32, all in base 62.
///
/// Scanners find tokens in sources by the pattern and discard chance hits by the checksum.
public enum TokenText {
  public static let prefix = "tdr_"
  private static let digits = 43

  static func make(of bytes: [UInt8]) -> Secret {
    let body = Base62.text(bytes, digits: digits)
    return Secret(prefix + body + checksum(of: body))
  }

  /// True when the text can be a token at all.
  public static func isWellFormed(_ text: Secret) -> Bool {
    let text = text.reveal()
    guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + digits + 6 else {
      return false
    }
    let rest = text.dropFirst(prefix.count)
    return checksum(of: String(rest.dropLast(6))) == rest.suffix(6)
  }

  private static func checksum(of body: String) -> String {
    let sum = CRC32.checksum(of: body.utf8)
    let bytes = stride(from: UInt32(24), through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: sum >> $0)
    }
    return Base62.text(bytes, digits: 6)
  }
}

extension APIToken {
  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    self.init(
      number: try row.integer("id"),
      account: try row.integer("account_id"),
      name: try row.text("name"),
      scope: TokenScope(
        role: try row.optionalRole("role"),
        project: try row.optionalInteger("project_id")
      ),
      createdAt: try row.integer("created_at"),
      expiresAt: try row.optionalInteger("expires_at"),
      lastUsedAt: try row.optionalInteger("last_used_at")
    )
  }
}
