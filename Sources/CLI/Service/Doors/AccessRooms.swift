import Access
import Foundation
import Server
import Storage
import Values

/// Accounts, tokens, secrets and the audit log of a server, as its routes use them.
struct AccessRooms: Sendable {
  let store: AccessStore
  let vault: SecretVault
  let log: AuditLog
  let signIn: SignIn
  /// Who uses a server without accounts.
  private let owner: Principal

  init(database: SQLDatabase, key: SecretKeySource, owner: Principal) throws {
    let clock: @Sendable () -> Int64 = { Int64(Wiring.now() * 1000) }
    store = try AccessStore(database: database, clock: clock, random: Randomness.system)
    signIn = SignIn(store: store)
    log = try AuditLog(database: database, clock: clock)
    vault = try key.vault(database: database, clock: clock)
    self.owner = owner
  }

  var hasAccounts: Bool { get throws { try !store.needsFirstAdmin() } }

  var gate: Gatekeeper {
    Gatekeeper(
      authenticate: { try await authenticate($0, address: $1) },
      login: { name, password, address in
        let new = try await signIn.session(name: name, password: password, address: address)
        return try Self.login(new, store)
      },
      logout: { try store.endSession(cookie: $0) },
      setUp: { first, address in
        let account = NewAccount(name: first.name, email: first.email, password: first.password)
        guard let code = first.code else {
          throw AccessError(
            .unauthenticated,
            "making the first account takes the code that the server printed at its start"
          )
        }
        _ = try store.bootstrap(account, secret: code)
        let new = try await signIn.session(
          name: first.name,
          password: first.password,
          address: address
        )
        return try Self.login(new, store)
      },
      hasAccounts: { try hasAccounts }
    )
  }

  private func authenticate(
    _ credentials: Gatekeeper.Credentials,
    address: String
  ) async throws -> Gatekeeper.Caller? {
    guard try hasAccounts else { return Gatekeeper.Caller(principal: owner) }
    switch credentials {
    case .none: return nil
    case .bearer(let token): return Gatekeeper.Caller(principal: try store.principal(token: token))
    case .basic(let name, let password):
      let account = try await signIn.account(name: name, password: password, address: address)
      return Gatekeeper.Caller(principal: try store.principal(of: account.number))
    case .session(let cookie):
      let holder = try store.session(cookie: cookie)
      return Gatekeeper.Caller(
        principal: holder.principal,
        requestToken: Secret(holder.csrfToken)
      )
    }
  }

  private static func login(_ new: NewSession, _ store: AccessStore) throws -> Gatekeeper.Login {
    Gatekeeper.Login(
      caller: Gatekeeper.Caller(
        principal: try store.principal(of: new.session.account),
        requestToken: Secret(new.csrfToken)
      ),
      cookie: new.cookie,
      lifetime: Int(AccessStore.longestSession / 1000)
    )
  }

  var secrets: SecretControl {
    SecretControl(
      keys: { try vault.secrets(in: $0).map(\.key.text) },
      set: { try vault.set($2, for: SecretKey($1), in: $0) },
      delete: { project, key in
        do {
          try vault.delete(SecretKey(key), in: project)
          return true
        } catch let error as AccessError where error.code == .unknown {
          return false
        }
      }
    )
  }
}

/// Where the key comes from that secrets are encrypted with.
struct SecretKeySource {
  /// `TADORU_SECRET_KEY`, in base64.
  let text: Secret?
  /// `TADORU_SECRET_KEY_FILE`, else a file of the data folder.
  let file: String

  init(environment: [String: String], dataFolder: String) {
    text = environment["TADORU_SECRET_KEY"].flatMap { $0.isEmpty ? nil : Secret($0) }
    file = environment["TADORU_SECRET_KEY_FILE"] ?? dataFolder + "/secret.key"
  }

  /// The key that is there; nil when none was made yet.
  func existing() throws -> VaultKey? {
    if let text { return try VaultKey(base64: text) }
    return try VaultKeyFile(path: file).existingKey()
  }

  func vault(database: SQLDatabase, clock: @escaping @Sendable () -> Int64) throws -> SecretVault {
    guard let text else {
      return try SecretVault.open(
        VaultKeyFile(path: file),
        database: database,
        clock: clock,
        random: Randomness.system
      )
    }
    return try SecretVault(
      database: database,
      key: VaultKey(base64: text),
      clock: clock,
      random: Randomness.system
    )
  }
}
