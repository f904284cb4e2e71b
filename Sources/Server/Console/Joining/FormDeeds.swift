import Foundation
import Values

/// What came of a form.
struct FormOutcome: Sendable {
  enum Next: Sendable {
    /// A path of this server, for a 303.
    case address(String)
    /// A page that is shown once.
    case page(any PageModel)
  }

  let next: Next
  var flash: PageFrame.Flash?
  /// A `Set-Cookie` header.
  var cookie: String?
  /// What was made, for the audit.
  var subject: String?
  /// What the audit is to keep, where it is not the status.
  var status: Int?

  static func page(_ page: any PageModel) -> FormOutcome { FormOutcome(next: .page(page)) }

  static func to(_ address: ConsoleAddress, _ done: String? = nil) -> FormOutcome {
    FormOutcome(
      next: .address(address.text),
      flash: done.map { PageFrame.Flash(tone: .done, text: $0) }
    )
  }

  func about(_ subject: String) -> FormOutcome {
    var copy = self
    copy.subject = subject
    return copy
  }
}

/// Does what forms ask for, through the same doors as the API.
struct FormDeeds: Sendable {
  let rooms: Rooms
  let settings: ServerSettings

  func perform(_ deed: ConsoleForm.Deed, _ exchange: Exchange) async throws -> FormOutcome {
    let runs = RunForms(rooms: rooms)
    let schedules = ScheduleForms(rooms: rooms)
    let accounts = AccountForms(rooms: rooms, settings: settings)
    let users = UserForms(rooms: rooms)
    return switch deed {
    case .start: try await runs.start(exchange)
    case .kill: try await runs.kill(exchange)
    case .retry: try await runs.retry(exchange)
    case .enableSchedule: try schedules.setEnabled(exchange, true)
    case .disableSchedule: try schedules.setEnabled(exchange, false)
    case .skip: try schedules.skip(exchange)
    case .backfill: try await schedules.backfill(exchange)
    case .setSecret: try setSecret(exchange)
    case .deleteSecret: try deleteSecret(exchange)
    case .login: try await accounts.login(exchange)
    case .logout: try await accounts.logout(exchange)
    case .createToken: try accounts.createToken(exchange)
    case .revokeToken: try accounts.revokeToken(exchange)
    case .changePassword: try await accounts.changePassword(exchange)
    case .createUser: try await users.create(exchange)
    case .setRole: try await users.setRole(exchange)
    case .disableUser: try await users.setDisabled(exchange, true)
    case .enableUser: try await users.setDisabled(exchange, false)
    }
  }

  /// The page a form stands on, as a path of this server.
  func origin(of deed: ConsoleForm.Deed, _ exchange: Exchange) -> String {
    let id = exchange.path["id"].flatMap(ObjectNumber.parse) ?? 0
    let address: ConsoleAddress =
      switch deed {
      case .start: .workflow(id, exchange.path["workflow"] ?? "")
      case .kill, .retry: .attempt(id)
      case .enableSchedule, .disableSchedule, .skip, .backfill: .schedule(id)
      case .setSecret, .deleteSecret: .secrets(id)
      case .login: AccountForms.loginPage(exchange)
      case .logout: .home
      case .createToken, .revokeToken, .changePassword: .account
      case .createUser, .setRole, .disableUser, .enableUser: .users
      }
    return address.text
  }

  private func setSecret(_ exchange: Exchange) throws -> FormOutcome {
    let key = try SecretRoutes.checked(exchange.fields.requiredText("key"))
    try rooms.setSecret(exchange, key)
    return .to(.secrets(exchange.project ?? 0), "The secret \(key) is set.").about("secret \(key)")
  }

  private func deleteSecret(_ exchange: Exchange) throws -> FormOutcome {
    let key = try SecretRoutes.checked(exchange.fields.requiredText("key"))
    try rooms.deleteSecret(exchange, key)
    return .to(.secrets(exchange.project ?? 0), "The secret \(key) is deleted.")
      .about("secret \(key)")
  }
}

extension ConsoleAddress {
  /// A schedule on the page of all.
  static func schedule(_ id: Int64) -> ConsoleAddress { schedules.at("s\(id)") }
}

extension Fields {
  /// A whole number that was typed into a form.
  func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let text = try text(name, maximum: 40) else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      throw ServerError(
        .badRequest,
        "`\(name)` must be an integer from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return number
  }

  /// A time that was typed into a form, as a zone has it: Unix seconds.
  func time(_ name: String, zone: String) throws -> Int64? {
    guard let text = try text(name, maximum: 40) else { return nil }
    guard let time = Timestamp.parse(text, in: TimeZone(identifier: zone) ?? .gmt) else {
      throw ServerError(.badRequest, "`\(name)` must be \(Timestamp.expected)")
    }
    return time
  }
}
