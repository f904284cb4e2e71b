import Access
import Projects
import Synchronization
import Values

@testable import Server

/// The rooms behind the doors, as far as routes need them, in memory.
final class PlayedRooms: Sendable {
  struct State {
    var events: [AuditTrail.Event] = []
    var secrets: [Int64: [String: Secret]] = [:]
    var starts: [AttemptControl.Start] = []
    var retries: [AttemptControl.Retry] = []
    var kills: [Int64] = []
    var pushes: [(ProjectControl.Push, String?)] = []
    var skips: [ScheduleControl.Skip] = []
    var grants: [Int64: Role?] = [:]
    var startError: (any Error)?
  }

  let state = Mutex(State())
  let hasAccounts: Bool

  init(hasAccounts: Bool) { self.hasAccounts = hasAccounts }

  var events: [AuditTrail.Event] { state.withLock { $0.events } }

  var gatekeeper: Gatekeeper {
    let hasAccounts = hasAccounts
    return Gatekeeper(
      authenticate: { credentials, _ in
        switch credentials {
        case .bearer(let token): Gatekeeper.Caller(principal: try Self.principal(token.reveal()))
        case .basic(let name, let password):
          Gatekeeper.Caller(principal: try Self.principal(password.reveal() == "right" ? name : ""))
        case .session(let cookie):
          Gatekeeper.Caller(
            principal: try Self.principal(cookie.reveal()),
            requestToken: Secret("request-token")
          )
        case .none:
          hasAccounts
            ? nil : Gatekeeper.Caller(principal: .owner(name: "owner", email: "owner@localhost"))
        }
      },
      login: { name, password, _ in
        let principal = try Self.principal(password.reveal() == "right" ? name : "")
        return Gatekeeper.Login(
          caller: .init(principal: principal, requestToken: Secret("request-token")),
          cookie: Secret(name),
          lifetime: 3600
        )
      },
      logout: { _ in },
      setUp: { _, _ in throw AccessError(.conflict, "the server has accounts") },
      hasAccounts: { hasAccounts }
    )
  }

  /// - Throws: ``AccessError`` for what is no role.
  static func principal(_ token: String) throws -> Principal {
    let parts = token.split(separator: "@")
    if token == "none" { return Principal(account: 9, name: token, email: "", onServer: nil) }
    guard let role = parts.first.flatMap({ Role(rawValue: String($0)) }) else {
      throw AccessError(.unauthenticated, "name or password is wrong")
    }
    let project = parts.count > 1 ? Int64(parts[1]) : nil
    return Principal(
      account: 7,
      name: token,
      email: "\(token)@example.com",
      onServer: project == nil ? role : nil,
      inProjects: project.map { [$0: role] } ?? [:]
    )
  }

  var auditTrail: AuditTrail {
    AuditTrail(
      append: { event in self.state.withLock { $0.events.append(event) } },
      entries: { filter in
        self.events.enumerated().reversed().prefix(filter.limit).map { number, event in
          AuditTrail.Entry(id: Int64(number + 1), time: TestServer.start, event: event)
        }
      },
      verify: { AuditTrail.Verdict(count: Int64(self.events.count), broken: nil) }
    )
  }

  var secretControl: SecretControl {
    SecretControl(
      keys: { project in self.state.withLock { ($0.secrets[project] ?? [:]).keys.sorted() } },
      set: { project, key, secret in
        self.state.withLock { $0.secrets[project, default: [:]][key] = secret }
      },
      delete: { project, key in
        self.state.withLock { $0.secrets[project]?.removeValue(forKey: key) != nil }
      }
    )
  }

  var attemptControl: AttemptControl {
    AttemptControl(
      start: { start in
        try self.state.withLock { state in
          if let error = state.startError { throw error }
          state.starts.append(start)
        }
        return start.retryName == "taken" ? .exists(1) : .begun(3)
      },
      retry: { retry in
        self.state.withLock { $0.retries.append(retry) }
        return 2
      },
      kill: { id in
        self.state.withLock { $0.kills.append(id) }
        return true
      }
    )
  }

  var accountControl: AccountControl {
    let account = AccountControl.Account(
      id: 7,
      name: "ann",
      email: "ann@example.com",
      role: .admin,
      createdAt: TestServer.start
    )
    let token = AccountControl.Token(id: 5, account: 7, name: "ci", createdAt: TestServer.start)
    return AccountControl(
      accounts: { [account] },
      create: { _ in account },
      change: { _, _ in account },
      delete: { _ in },
      changePassword: { _, _, _ in },
      tokens: { _ in [token] },
      createToken: { _, _, _ in (token, Secret("secret-token-text")) },
      revokeToken: { _, _ in },
      grants: { _ in [.init(account: 7, accountName: "ann", role: .editor)] },
      setGrant: { _, account, role in self.state.withLock { $0.grants[account] = .some(role) } }
    )
  }
}
