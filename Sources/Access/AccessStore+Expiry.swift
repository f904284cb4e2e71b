import Storage
import Values

/// Entrances that let nobody in any more.
public struct ExpiredEntrances: Sendable, Hashable {
  public let tokens: Int
  public let browserSessions: Int
}

extension AccessStore {
  private static let expiredTokens = "revoked_at IS NULL AND expires_at <= $1"
  private static let endedSessions = "created_at <= $1 OR last_seen_at <= $2"

  /// Tokens whose time is over and that are still listed, and browser sessions that have ended.
  public func expired() throws -> ExpiredEntrances {
    let now = clock()
    return try database.read { connection in
      let tokens = try connection.row(
        "SELECT count(*) AS n FROM api_tokens WHERE " + Self.expiredTokens,
        [.int(now)]
      )
      let sessions = try connection.row(
        "SELECT count(*) AS n FROM browser_sessions WHERE " + Self.endedSessions,
        Self.ends(now)
      )
      return ExpiredEntrances(
        tokens: Int(tokens?["n"]?.int ?? 0),
        browserSessions: Int(sessions?["n"]?.int ?? 0)
      )
    }
  }

  /// Removes the sessions and takes the tokens off the lists.
  ///
  /// The row of a token stays, since the audit log names tokens by their numbers.
  @discardableResult
  public func removeExpired() throws -> ExpiredEntrances {
    let now = clock()
    return try database.write { connection in
      ExpiredEntrances(
        tokens: try connection.execute(
          "UPDATE api_tokens SET revoked_at = expires_at WHERE " + Self.expiredTokens,
          [.int(now)]
        ),
        browserSessions: try connection.execute(
          "DELETE FROM browser_sessions WHERE " + Self.endedSessions,
          Self.ends(now)
        )
      )
    }
  }

  private static func ends(_ now: Int64) -> [Value] {
    [.int(now - longestSession), .int(now - longestIdleTime)]
  }
}
