/// What an account may do in a project, or on the whole server.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Looks at everything but secrets.
  case viewer
  /// Also starts, retries and ends attempts.
  case runner
  /// Also pushes revisions, changes schedules and sets secrets.
  case editor
  /// Also gives roles and deletes the project; on the server: manages accounts.
  case admin

  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .runner: 1
    case .editor: 2
    case .admin: 3
    }
  }
}
