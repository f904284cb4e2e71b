public import Values

/// One browser in which someone has signed in.
public struct BrowserSession: Sendable, Hashable {
  public let number: Int64
  public let account: Int64
  /// Where it was begun.
  public let address: String
  public let createdAt: Int64
  /// To the minute.
  public let lastSeenAt: Int64
}

/// A session that has just begun, with what the browser is to keep.
public struct NewSession: Sendable {
  public let session: BrowserSession
  /// For `Set-Cookie`; not kept by the server.
  public let cookie: Secret
  /// See ``CSRFToken``.
  public let csrfToken: String
}

/// Who a session cookie stands for.
public struct SessionHolder: Sendable {
  public let session: BrowserSession
  public let principal: Principal
  /// See ``CSRFToken``.
  public let csrfToken: String
}

/// What a page must send along with a change, so that no other site can make a browser do it.
///
/// It follows from the cookie's secret, so that nothing has to be kept for it.
public enum CSRFToken {
  private static let purpose = "tadoru csrf token 1"

  /// The token of a session, 64 hexadecimal digits: the HMAC-SHA256 of a fixed text under the cookie.
  public static func token(of cookie: Secret) -> String {
    SHA256.hexadecimalDigits(
      of: SHA256.authenticationCode(
        of: Array(purpose.utf8),
        key: Array(cookie.reveal().utf8)
      )
    )
  }

  /// True for the token of that session; takes as long wherever a wrong one is wrong.
  public static func isValid(_ token: String, cookie: Secret) -> Bool {
    ConstantTime.equal(token, self.token(of: cookie))
  }
}

extension BrowserSession {
  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    self.init(
      number: try row.integer("id"),
      account: try row.integer("account_id"),
      address: try row.text("address"),
      createdAt: try row.integer("created_at"),
      lastSeenAt: try row.integer("last_seen_at")
    )
  }
}
